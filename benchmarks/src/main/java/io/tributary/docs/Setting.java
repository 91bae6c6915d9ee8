package io.tributary.docs;

import org.jspecify.annotations.Nullable;

/**
 * A key of a reference file.
 *
 * @param key with the keys around it, {@code kafka.bootstrap-servers}; {@code []} for an item of a
 *     list
 * @param defaultValue as it is written, without the variable; null for a section
 * @param variable of the environment that replaces it, null when there is none
 * @param meaning the comment above it, line by line; empty when there is none
 */
record Setting(
    String key, @Nullable String defaultValue, @Nullable String variable, String meaning) {
  boolean isSection() {
    return defaultValue == null;
  }
}
