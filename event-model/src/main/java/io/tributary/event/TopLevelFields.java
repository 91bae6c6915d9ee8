package io.tributary.event;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Moves what an event has at its top besides its own fields into {@code params}.
 *
 * <p>A name that {@code params} has itself gets {@code _top} appended, again and again until
 * neither {@code params} nor the top nor an earlier renamed field has it. Fields are taken in the
 * order of their names' code points, so the outcome does not depend on the order they came in.
 */
final class TopLevelFields {
  private static final String SUFFIX = "_top";

  private TopLevelFields() {}

  private static boolean isOwn(String name) {
    return switch (name) {
      case "event_id", "event_type", "ts", "user_id", "session_id", "params" -> true;
      default -> false;
    };
  }

  /**
   * What {@code params} becomes: itself when nothing is to be moved.
   *
   * @param top the whole event
   * @param params its {@code params}, null when absent
   */
  static JsonValue.@Nullable Members moved(
      JsonValue.Members top, JsonValue.@Nullable Members params) {
    JsonValue.Members merged = null;
    Set<String> renamed = Set.of();
    for (int i = 0; i < top.size(); i++) {
      String name = top.name(i);
      if (isOwn(name)) {
        continue;
      }
      if (merged == null) {
        merged = new JsonValue.Members(null);
        copy(params, merged);
      }
      if (params == null || params.find(name) == null) {
        merged.put(name, top.value(i));
        continue;
      }
      if (renamed.isEmpty()) {
        renamed = new HashSet<>();
      }
      String free = name + SUFFIX;
      while (params.find(free) != null || top.find(free) != null || !renamed.add(free)) {
        free += SUFFIX;
      }
      merged.put(free, top.value(i));
    }
    if (merged == null) {
      return params;
    }
    merged.complete();
    return merged;
  }

  private static void copy(JsonValue.@Nullable Members from, JsonValue.Members to) {
    for (int i = 0; from != null && i < from.size(); i++) {
      to.put(from.name(i), from.value(i));
    }
  }
}
