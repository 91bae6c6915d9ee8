package io.tributary.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One value read as JSON, by RFC 8259 without any leniency. Nothing recurses while reading, so the
 * depth of the input costs no stack.
 *
 * @param root what was read; when there is a problem, what was read up to it, or null
 * @param problem the first rule broken, null when none is; the rules about an object's content are
 *     checked for objects only
 * @param detail a sentence about the problem without any of the payload, empty when there is none
 * @param escapes whether a string in it may have been written with an escape
 */
record JsonDocument(
    @Nullable JsonValue root, @Nullable DeadLetterReason problem, String detail, boolean escapes) {
  /** How deep {@code params} may be: the object itself is 1, an object or array in it 2. */
  static final int MAX_PARAMS_DEPTH = 20;

  /**
   * What one value can hold is bounded by its size alone, which is checked before, so every limit
   * is raised out of the way. Names are not interned and a flood of colliding ones is not an error:
   * keys are the producers' data.
   */
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
          .build();

  static JsonDocument read(byte[] value) {
    int inspected = Utf8.inspect(value);
    if (inspected >= 0) {
      return broken(
          null,
          DeadLetterReason.INVALID_UTF8,
          "The value is not UTF-8 from byte %d on.".formatted(inspected));
    }
    int start = startOfText(value);
    if (start == value.length) {
      return broken(null, DeadLetterReason.EMPTY, "The value holds nothing but white space.");
    }
    // Jackson would guess UTF-16 or UTF-32 from a zero byte and skip one more byte order mark.
    if (value[start] < 0 || hasZeroByte(value, start, Math.min(value.length, start + 4))) {
      return notJson(null, "its syntax breaks the rules of RFC 8259");
    }
    boolean escapes = inspected == Utf8.WITH_BACKSLASH;
    int length = value.length - start;
    JsonDocument document =
        new Reading(escapes).read(() -> FACTORY.createParser(value, start, length));
    if (document.problem() == DeadLetterReason.NOT_JSON && escapes) {
      // Jackson's parser of bytes takes half of a surrogate pair in a name for broken syntax; its
      // parser of characters leaves that to us. Which of the two it is matters to the producer.
      String text = new String(value, start, length, StandardCharsets.UTF_8);
      return new Reading(escapes).read(() -> FACTORY.createParser(text));
    }
    return document;
  }

  /** Where the text begins after a byte order mark and white space. */
  private static int startOfText(byte[] value) {
    int start = startsWithByteOrderMark(value) ? 3 : 0;
    while (start < value.length && isWhiteSpace(value[start])) {
      start++;
    }
    return start;
  }

  private static boolean startsWithByteOrderMark(byte[] value) {
    return value.length >= 3
        && value[0] == (byte) 0xef
        && value[1] == (byte) 0xbb
        && value[2] == (byte) 0xbf;
  }

  private static boolean isWhiteSpace(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }

  private static boolean hasZeroByte(byte[] value, int start, int end) {
    for (int i = start; i < end; i++) {
      if (value[i] == 0) {
        return true;
      }
    }
    return false;
  }

  private static JsonDocument broken(
      @Nullable JsonValue root, DeadLetterReason problem, String detail) {
    return new JsonDocument(root, problem, detail, true);
  }

  private static JsonDocument notJson(@Nullable JsonValue root, String why) {
    return broken(root, DeadLetterReason.NOT_JSON, "The value is not JSON: " + why + ".");
  }

  /** What a parser is opened on. */
  private interface Source {
    JsonParser open() throws IOException;
  }

  /** The state while reading one value. */
  private static final class Reading {
    private final boolean escapes;
    private boolean tooDeep;
    private boolean unpairedSurrogate;
    private boolean duplicateKey;

    Reading(boolean escapes) {
      this.escapes = escapes;
    }

    JsonDocument read(Source source) {
      JsonValue root = null;
      try (JsonParser parser = source.open()) {
        JsonToken first = parser.nextToken();
        if (first == JsonToken.START_OBJECT || first == JsonToken.START_ARRAY) {
          JsonValue.Container container = container(first, null);
          root = container;
          fill(parser, container);
        } else {
          root = scalar(parser, first);
        }
        if (parser.nextToken() != null) {
          return notJson(root, "something follows the end of its JSON text");
        }
      } catch (JsonEOFException e) {
        return notJson(root, "it ends inside its JSON text");
      } catch (IOException e) {
        // Jackson's own message would quote the payload.
        return notJson(root, "its syntax breaks the rules of RFC 8259");
      }
      if (tooDeep) {
        return broken(
            root,
            DeadLetterReason.TOO_DEEP,
            "The value is nested deeper than %d.".formatted(MAX_PARAMS_DEPTH));
      }
      if (unpairedSurrogate) {
        return broken(
            root,
            DeadLetterReason.INVALID_UNICODE,
            "An escape in a string or a name stands for half of a surrogate pair.");
      }
      if (duplicateKey) {
        return broken(
            root, DeadLetterReason.DUPLICATE_KEY, "An object has two members of the same name.");
      }
      return new JsonDocument(root, null, "", escapes);
    }

    private void fill(JsonParser parser, JsonValue.Container root) throws IOException {
      JsonValue.Container current = root;
      int depth = 1;
      int limit = MAX_PARAMS_DEPTH;
      while (current != null) {
        JsonToken token = parser.nextToken();
        if (token == JsonToken.FIELD_NAME && current instanceof JsonValue.Members members) {
          String name = checked(parser.currentName());
          members.name(name);
          if (depth == 1) {
            limit = name.equals("params") ? MAX_PARAMS_DEPTH + 1 : MAX_PARAMS_DEPTH;
          }
        } else if (token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY) {
          if (depth == limit) {
            tooDeep = true;
            parser.skipChildren();
            current.add(JsonValue.Literal.NULL);
          } else {
            JsonValue.Container child = container(token, current);
            current.add(child);
            current = child;
            depth++;
          }
        } else if (token == JsonToken.END_OBJECT || token == JsonToken.END_ARRAY) {
          duplicateKey |= current instanceof JsonValue.Members members && !members.complete();
          current = current.parent;
          depth--;
        } else {
          current.add(scalar(parser, token));
        }
      }
    }

    private static JsonValue.Container container(
        JsonToken start, JsonValue.@Nullable Container parent) {
      return start == JsonToken.START_OBJECT
          ? new JsonValue.Members(parent)
          : new JsonValue.Array(parent);
    }

    private JsonValue scalar(JsonParser parser, @Nullable JsonToken token) throws IOException {
      if (token == null) {
        throw new JsonEOFException(parser, JsonToken.NOT_AVAILABLE, "no token");
      }
      return switch (token) {
        case VALUE_STRING -> new JsonValue.Text(checked(parser.getText()));
        case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new JsonValue.Number(parser.getText());
        case VALUE_TRUE -> JsonValue.Literal.TRUE;
        case VALUE_FALSE -> JsonValue.Literal.FALSE;
        case VALUE_NULL -> JsonValue.Literal.NULL;
        default -> throw new IllegalStateException("Cannot read a value: the token is " + token);
      };
    }

    /** The text, after noting whether an escape left half of a surrogate pair in it. */
    private String checked(String text) {
      // Well-formed UTF-8 has no surrogates; only escapes bring them in.
      unpairedSurrogate |= escapes && !Utf8.isWellFormed(text);
      return text;
    }
  }
}
