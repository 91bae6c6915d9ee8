package io.tributary.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One stack for all tests of a JVM, started when first asked for and gone, data and all, when the
 * JVM ends. Tests keep apart by the names of their topics and indices.
 */
public final class SharedLocalStack {
  private static @Nullable LocalStack stack;

  private SharedLocalStack() {}

  /** The stack; the first call starts it, calls beside it wait. */
  public static synchronized LocalStack running() {
    if (stack == null) {
      stack = start();
    }
    return stack;
  }

  private static LocalStack start() {
    Path home;
    try {
      home = Files.createTempDirectory("tributary-stack-");
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    LocalStack started =
        LocalStack.start(
            StackOptions.in(home).withTuning(Tuning.QUICK_START).withHeaps("512m", "768m"));
    Runtime.getRuntime().addShutdownHook(new Thread(() -> discard(started), "discard-stack"));
    return started;
  }

  /** Nobody needs the data any more, so there is nothing to end cleanly. */
  private static void discard(LocalStack stack) {
    stack.broker().kill();
    stack.node().kill();
    stack.close();
    try (Stream<Path> files = Files.walk(stack.home())) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException failed) {
      System.err.printf(
          "Cannot delete %s: %s. Delete it by hand.%n", stack.home(), failed.getMessage());
    }
  }
}
