package io.tributary.drill;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The built streaming job as a process, with an intruder on its class path. */
final class JobProcess implements AutoCloseable {
  private static final Duration STOP_LIMIT = Duration.ofSeconds(90);
  private static final int KILLED = 128 + 9;

  private final Process process;
  private final Path log;
  private final Path orders;

  private JobProcess(Process process, Path log, Path orders) {
    this.process = process;
    this.log = log;
    this.orders = orders;
  }

  /**
   * Starts it.
   *
   * @param name of its log and of the folder with its order
   */
  static JobProcess start(String name, Path home, Path configuration, Order order)
      throws IOException {
    Path checkout = Path.of(System.getProperty("tributary.checkout"));
    Path orders = home.resolve("orders").resolve(name);
    order.give(orders);
    Path log = home.resolve("logs").resolve(name + ".log");
    Files.createDirectories(home.resolve("logs"));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(opens(checkout));
    // It lives for seconds: starting fast is worth more than running fast.
    command.addAll(List.of("-Xmx1g", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.add("-D" + OrderedIntruder.FOLDER + "=" + orders);
    command.add("-Dtributary.checkout=" + checkout);
    command.add("-cp");
    command.add(
        String.join(
            File.pathSeparator,
            IntruderFolder.make(home, OrderedIntruder.class).toString(),
            checkout.resolve("streaming-aggregator/target/classes").toString(),
            built(checkout, "classpath.txt"),
            built(checkout, "provided-classpath.txt"),
            checkout.resolve("benchmarks/target/classes").toString()));
    command.add("io.tributary.streaming.StreamingAggregator");
    command.addAll(List.of("--config", configuration.toString()));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().put("TRIBUTARY_HOME", home.toString());
    return new JobProcess(builder.start(), log, orders);
  }

  private static List<String> opens(Path checkout) throws IOException {
    String pom = Files.readString(checkout.resolve("pom.xml"));
    int from = pom.indexOf("<spark.opens>") + "<spark.opens>".length();
    return List.of(pom.substring(from, pom.indexOf("</spark.opens>", from)).strip().split("\\s+"));
  }

  private static String built(Path checkout, String file) throws IOException {
    Path path = checkout.resolve("streaming-aggregator/target").resolve(file);
    if (!Files.exists(path)) {
      throw new IOException(
          "Cannot run the streaming job: it has not been built (no %s). Run scripts/build first."
              .formatted(path));
    }
    return Files.readString(path).strip();
  }

  long pid() {
    return process.pid();
  }

  boolean isRunning() {
    return process.isAlive();
  }

  /** Whether it ended as kill -9 ends a process. */
  boolean wasKilled() {
    return !process.isAlive() && process.exitValue() == KILLED;
  }

  /** How it ended; its end must have come. */
  int exitCode() {
    return process.exitValue();
  }

  /** That its order was carried out. */
  java.util.Optional<Order.Struck> struck() throws IOException {
    return Order.struck(orders);
  }

  /** How long its log is now, in bytes. */
  long logged() throws IOException {
    return Files.exists(log) ? Files.size(log) : 0;
  }

  /** Whether its log holds one of these texts behind that length. */
  boolean hasLoggedSince(long length, String... texts) throws IOException {
    byte[] all = Files.readAllBytes(log);
    String since =
        new String(all, (int) length, all.length - (int) length, StandardCharsets.ISO_8859_1);
    return Arrays.stream(texts).anyMatch(since::contains);
  }

  Path log() {
    return log;
  }

  /** SIGKILL; comes back when it is gone. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** SIGTERM; SIGKILL for one that does not end. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
