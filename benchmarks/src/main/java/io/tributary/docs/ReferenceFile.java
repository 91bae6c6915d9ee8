package io.tributary.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A commented reference file of YAML, read as text because the comments are what counts. Knows what
 * our files use: nested keys, lists of keys, values on one line.
 *
 * @param introduction the comment at the top
 */
record ReferenceFile(String introduction, List<Setting> settings) {
  private static final Pattern KEY = Pattern.compile("( *)(- )?([A-Za-z][\\w.-]*):(?: +(.*))?");
  private static final Pattern COMMENT = Pattern.compile(" *# ?(.*)");
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z_]+):-(.*)}");

  static ReferenceFile read(Path file) throws IOException {
    return new Reading(Files.readAllLines(file)).file();
  }

  private record Level(int indent, String key) {}

  private static final class Reading {
    private final List<String> lines;
    private final List<Setting> settings = new ArrayList<>();
    private final List<String> comment = new ArrayList<>();
    private final Deque<Level> levels = new ArrayDeque<>();
    private @Nullable String introduction;

    Reading(List<String> lines) {
      this.lines = lines;
    }

    ReferenceFile file() {
      for (String line : lines) {
        Matcher comments = COMMENT.matcher(line);
        Matcher keys = KEY.matcher(line);
        if (comments.matches()) {
          comment.add(comments.group(1));
        } else if (line.isBlank()) {
          endOfBlock();
        } else if (keys.matches()) {
          key(keys);
        } else {
          throw new IllegalStateException(
              "Cannot read the line of a reference file: %s. Write it as key: value, or teach ReferenceFile."
                  .formatted(line));
        }
      }
      return new ReferenceFile(introduction == null ? "" : introduction, settings);
    }

    /** The first comment that no key follows is the file's own. */
    private void endOfBlock() {
      if (introduction == null) {
        introduction = String.join("\n", comment);
      }
      comment.clear();
    }

    private void key(Matcher line) {
      boolean item = line.group(2) != null;
      int indent = line.group(1).length();
      while (!levels.isEmpty()
          && (item ? levels.peek().indent >= indent + 1 : levels.peek().indent >= indent)) {
        levels.pop();
      }
      if (item) {
        levels.push(new Level(indent + 1, "[]"));
        indent += 2;
      }
      String key = path(line.group(3));
      String value = line.group(4) == null ? "" : withoutComment(line.group(4));
      String meaning = String.join("\n", comment);
      comment.clear();
      if (value.isEmpty()) {
        settings.add(new Setting(key, null, null, meaning));
        levels.push(new Level(indent, line.group(3)));
      } else {
        settings.add(setting(key, value, meaning));
      }
    }

    private String path(String last) {
      List<String> keys = new ArrayList<>();
      for (Iterator<Level> outer = levels.descendingIterator(); outer.hasNext(); ) {
        keys.add(outer.next().key);
      }
      keys.add(last);
      return keys.stream().collect(Collectors.joining(".")).replace(".[]", "[]");
    }

    private static String withoutComment(String value) {
      int comment =
          value.startsWith("\"") ? value.indexOf(" #", value.indexOf('"', 1)) : value.indexOf(" #");
      return (comment < 0 ? value : value.substring(0, comment)).strip();
    }

    private static Setting setting(String key, String value, String meaning) {
      Matcher variable = VARIABLE.matcher(value);
      if (!variable.find()) {
        return new Setting(key, value, null, meaning);
      }
      String whole = variable.replaceFirst(Matcher.quoteReplacement(variable.group(2)));
      String bare =
          whole.length() > 1 && whole.startsWith("\"") && whole.endsWith("\"")
              ? whole.substring(1, whole.length() - 1)
              : whole;
      return new Setting(key, bare.isEmpty() ? "\"\"" : bare, variable.group(1), meaning);
    }
  }
}
