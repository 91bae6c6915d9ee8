package io.tributary.stack;

import java.nio.file.Path;

/** What people read. */
final class Screen {
  private Screen() {}

  static String running(String kafka, String elasticsearch, Path home) {
    return """
        Kafka          %s
        Elasticsearch  %s
        data           %s
        logs           %s"""
        .formatted(kafka, elasticsearch, home, home.resolve("logs"));
  }
}
