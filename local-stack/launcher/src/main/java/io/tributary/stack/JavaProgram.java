package io.tributary.stack;

import java.nio.file.Path;

/** The Java program that this JVM is; the servers run with the same. */
final class JavaProgram {
  private JavaProgram() {}

  static String path() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }
}
