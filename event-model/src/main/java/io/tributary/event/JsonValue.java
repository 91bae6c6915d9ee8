package io.tributary.event;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A JSON value as it was received. Numbers keep their literal, which Jackson's own tree would lose.
 */
sealed interface JsonValue {
  /** A string. */
  record Text(String text) implements JsonValue {}

  /** A number, by the characters it was written with. */
  record Number(String literal) implements JsonValue {}

  /** One of the three names. */
  enum Literal implements JsonValue {
    NULL("null"),
    TRUE("true"),
    FALSE("false");

    private final String text;

    Literal(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }
  }

  /** What holds others; knows what it is in, so that reading needs no recursion. */
  abstract sealed class Container implements JsonValue {
    final @Nullable Container parent;

    Container(@Nullable Container parent) {
      this.parent = parent;
    }

    abstract void add(JsonValue value);
  }

  /** An array. */
  final class Array extends Container {
    final List<JsonValue> elements = new ArrayList<>(4);

    Array(@Nullable Container parent) {
      super(parent);
    }

    @Override
    void add(JsonValue value) {
      elements.add(value);
    }
  }

  /** An object. Its members are sorted by the code points of their names once it is complete. */
  final class Members extends Container {
    private static final int SMALL = 16;

    private String[] names = new String[8];
    private JsonValue[] values = new JsonValue[8];
    private int size;
    private @Nullable String nextName;
    private boolean ascending = true;
    private boolean complete;

    Members(@Nullable Container parent) {
      super(parent);
    }

    /** The name of the value that is added next. */
    void name(String name) {
      nextName = name;
    }

    @Override
    void add(JsonValue value) {
      String name = nextName;
      if (name == null) {
        throw new IllegalStateException("Cannot add a member: it has no name.");
      }
      put(name, value);
    }

    void put(String name, JsonValue value) {
      if (size == names.length) {
        names = Arrays.copyOf(names, size * 2);
        values = Arrays.copyOf(values, size * 2);
      }
      if (size > 0 && compareByCodePoint(names[size - 1], name) >= 0) {
        ascending = false;
      }
      names[size] = name;
      values[size] = value;
      size++;
    }

    /**
     * Sorts the members; to be called once all are there.
     *
     * @return whether every name is there once
     */
    boolean complete() {
      complete = true;
      if (ascending) {
        return true;
      }
      if (size <= SMALL) {
        sortByInsertion();
      } else {
        sortByMerging();
      }
      for (int i = 1; i < size; i++) {
        if (names[i].equals(names[i - 1])) {
          return false;
        }
      }
      return true;
    }

    private void sortByInsertion() {
      for (int i = 1; i < size; i++) {
        String name = names[i];
        JsonValue value = values[i];
        int j = i - 1;
        for (; j >= 0 && compareByCodePoint(names[j], name) > 0; j--) {
          names[j + 1] = names[j];
          values[j + 1] = values[j];
        }
        names[j + 1] = name;
        values[j + 1] = value;
      }
    }

    private void sortByMerging() {
      record Member(String name, JsonValue value) {}

      Member[] members = new Member[size];
      for (int i = 0; i < size; i++) {
        members[i] = new Member(names[i], values[i]);
      }
      Arrays.sort(members, Comparator.comparing(Member::name, Members::compareByCodePoint));
      for (int i = 0; i < size; i++) {
        names[i] = members[i].name();
        values[i] = members[i].value();
      }
    }

    int size() {
      return size;
    }

    String name(int index) {
      return names[index];
    }

    JsonValue value(int index) {
      return values[index];
    }

    /** The value of this name, null when there is none. */
    @Nullable JsonValue find(String name) {
      if (complete && size > SMALL) {
        int index = Arrays.binarySearch(names, 0, size, name, Members::compareByCodePoint);
        return index < 0 ? null : values[index];
      }
      for (int i = 0; i < size; i++) {
        if (names[i].equals(name)) {
          return values[i];
        }
      }
      return null;
    }

    /** How many members have this name; more than one only in what is no valid event. */
    int occurrences(String name) {
      int found = 0;
      for (int i = 0; i < size; i++) {
        found += names[i].equals(name) ? 1 : 0;
      }
      return found;
    }

    /**
     * The order of code points. It differs from that of {@code String} where a surrogate pair meets
     * U+E000 to U+FFFF, and equals the order of the UTF-8 bytes.
     */
    static int compareByCodePoint(String left, String right) {
      int common = Math.min(left.length(), right.length());
      for (int i = 0; i < common; i++) {
        char a = left.charAt(i);
        char b = right.charAt(i);
        if (a != b) {
          return rank(a) - rank(b);
        }
      }
      return left.length() - right.length();
    }

    private static int rank(char c) {
      return Character.isSurrogate(c) ? c + 0x10000 : c;
    }
  }
}
