package io.tributary.drill;

import io.tributary.lake.seam.Guard;
import io.tributary.lake.seam.Step;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * What a process is to do to itself.
 *
 * @param step where; null nowhere
 * @param passing at which passing of the step, from 1
 * @param signal {@code KILL}, {@code STOP} or {@link #HOLD}
 * @param off the guard that is switched off for its whole life, or null
 */
record Order(@Nullable Step step, int passing, String signal, @Nullable Guard off) {
  /** The signal that is none: the thread waits at the step until it is released. */
  static final String HOLD = "HOLD";

  private static final String RELEASED = "released";
  private static final String ORDER = "order.properties";
  private static final String STRUCK = "struck.properties";

  static Order none(@Nullable Guard off) {
    return new Order(null, 0, "", off);
  }

  static Order at(Step step, int passing, String signal, @Nullable Guard off) {
    return new Order(step, passing, signal, off);
  }

  /**
   * That it was carried out.
   *
   * @param records in flight at the step, 0 when the step has none
   * @param millis when, since the epoch
   */
  record Struck(long process, long records, long millis) {}

  void give(Path folder) throws IOException {
    Properties text = new Properties();
    text.setProperty("step", step == null ? "" : step.name());
    text.setProperty("passing", Integer.toString(passing));
    text.setProperty("signal", signal);
    text.setProperty("off", off == null ? "" : off.name());
    Files.createDirectories(folder);
    Files.deleteIfExists(folder.resolve(STRUCK));
    store(text, folder.resolve(ORDER));
  }

  static Order read(Path folder) throws IOException {
    Properties text = load(folder.resolve(ORDER));
    String step = text.getProperty("step", "");
    String off = text.getProperty("off", "");
    return new Order(
        step.isEmpty() ? null : Step.valueOf(step),
        Integer.parseInt(text.getProperty("passing", "0")),
        text.getProperty("signal", ""),
        off.isEmpty() ? null : Guard.valueOf(off));
  }

  static void struck(Path folder, Struck struck) throws IOException {
    Properties text = new Properties();
    text.setProperty("process", Long.toString(struck.process));
    text.setProperty("records", Long.toString(struck.records));
    text.setProperty("millis", Long.toString(struck.millis));
    store(text, folder.resolve(STRUCK));
  }

  static void release(Path folder) throws IOException {
    Files.createFile(folder.resolve(RELEASED));
  }

  static boolean isReleased(Path folder) {
    return Files.exists(folder.resolve(RELEASED));
  }

  static Optional<Struck> struck(Path folder) throws IOException {
    if (!Files.exists(folder.resolve(STRUCK))) {
      return Optional.empty();
    }
    Properties text = load(folder.resolve(STRUCK));
    return Optional.of(
        new Struck(
            Long.parseLong(text.getProperty("process")),
            Long.parseLong(text.getProperty("records")),
            Long.parseLong(text.getProperty("millis"))));
  }

  private static void store(Properties text, Path file) throws IOException {
    Path partial = file.resolveSibling(file.getFileName() + ".partial");
    try (Writer writer = Files.newBufferedWriter(partial)) {
      text.store(writer, null);
    }
    Files.move(
        partial,
        file,
        java.nio.file.StandardCopyOption.ATOMIC_MOVE,
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }

  private static Properties load(Path file) throws IOException {
    Properties text = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      text.load(reader);
    }
    return text;
  }
}
