package io.tributary.drill;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** What differs between what has to be there and what is, one line each; of a kind only a few. */
final class Differences {
  private static final int SHOWN = 5;

  private final List<String> lines = new ArrayList<>();

  /** Takes over what was found elsewhere. */
  void add(List<String> others) {
    lines.addAll(others);
  }

  /**
   * Every key has exactly its value, once.
   *
   * @param what the things are, for the lines
   */
  <K> void contents(String what, Map<K, String> expected, Map<K, List<String>> found) {
    List<String> own = new ArrayList<>();
    expected.forEach(
        (key, value) -> {
          List<String> there = found.getOrDefault(key, List.of());
          if (there.isEmpty()) {
            own.add("%s %s is missing (%s)".formatted(what, key, value));
          } else if (there.size() > 1) {
            own.add("%s %s is there %d times".formatted(what, key, there.size()));
          } else if (!there.get(0).equals(value)) {
            own.add("%s %s is %s, not %s".formatted(what, key, there.get(0), value));
          }
        });
    found.forEach(
        (key, value) -> {
          if (!expected.containsKey(key)) {
            own.add("%s %s must not be there (%s)".formatted(what, key, value));
          }
        });
    addShortened(own);
  }

  /** Every key has exactly its number; a key that is not there has 0. */
  void values(String what, Map<String, Long> expected, Map<String, Long> found) {
    List<String> own = new ArrayList<>();
    Set<String> keys = new TreeSet<>(expected.keySet());
    keys.addAll(found.keySet());
    for (String key : keys) {
      Long wanted = expected.getOrDefault(key, 0L);
      Long there = found.getOrDefault(key, 0L);
      if (!Objects.equals(wanted, there)) {
        own.add("%s of %s is %d, not %d".formatted(what, key, there, wanted));
      }
    }
    addShortened(own);
  }

  private void addShortened(List<String> own) {
    lines.addAll(own.subList(0, Math.min(SHOWN, own.size())));
    if (own.size() > SHOWN) {
      lines.add("… and %d more of these".formatted(own.size() - SHOWN));
    }
  }

  /** All of them; none when nothing differs. */
  List<String> lines() {
    return List.copyOf(lines);
  }
}
