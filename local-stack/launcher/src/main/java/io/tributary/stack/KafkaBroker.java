package io.tributary.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A Kafka broker, its own controller, in a process of its own; its data outlive it. Thread-safe.
 */
public final class KafkaBroker {
  private final int port;
  private final Duration startLimit;
  private final ServerProcess process;

  private KafkaBroker(int port, Duration startLimit, ServerProcess process) {
    this.port = port;
    this.startLimit = startLimit;
    this.process = process;
  }

  /** Prepares the data folder and chooses the ports; starts nothing. */
  static KafkaBroker prepare(StackOptions options, Checkout checkout) {
    Path folder = options.home().resolve("kafka");
    Path properties = folder.resolve("server.properties");
    int port;
    try {
      Files.createDirectories(folder);
      port = Ports.choose("Kafka", options.kafka().port(), folder.resolve("port"));
      Map<String, String> settings = settings(folder, port, Ports.freeExcept(port));
      settings.putAll(options.kafka().settings());
      Files.writeString(properties, text(settings));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    Path log = options.home().resolve("logs/kafka.log");
    List<String> command = new ArrayList<>();
    command.add(JavaProgram.path());
    command.addAll(options.tuning().jvmOptions());
    command.addAll(
        List.of(
            "-Xms128m",
            "-Xmx" + options.kafka().heap(),
            "-XX:+ExitOnOutOfMemoryError",
            "-Djava.awt.headless=true",
            "-Dtributary.log=" + log,
            "-cp",
            checkout.classPath("kafka-broker"),
            "io.tributary.stack.kafka.KafkaBrokerProcess",
            properties.toString()));
    return new KafkaBroker(
        port,
        options.startLimit(),
        new ServerProcess("Kafka", command, log, new KafkaMetadataProbe(port)));
  }

  /** {@code host:port}, the same for the life of this object. */
  public String address() {
    return Loopback.ADDRESS + ":" + port;
  }

  /**
   * Starts the stopped or killed broker again on the same port and data; returns when it answers.
   */
  public void start() {
    process.spawn();
    awaitReady();
  }

  /**
   * Stops the broker as SIGTERM does and waits until it is gone. Nothing when it is not running.
   */
  public void stop() {
    process.stop();
  }

  /** Ends the broker as {@code kill -9} does. Nothing when it is not running. */
  public void kill() {
    process.kill();
  }

  /** The id of the process started last. */
  public long pid() {
    return process.pid();
  }

  /** True while the process lives, whether it answers or not. */
  public boolean isRunning() {
    return process.isRunning();
  }

  /** True when the broker answers a request for metadata now. */
  public boolean answers() {
    return process.answers();
  }

  void spawn() {
    process.spawn();
  }

  void awaitReady() {
    process.awaitReady(startLimit);
  }

  String end() {
    return process.end();
  }

  private static Map<String, String> settings(Path folder, int port, int controllerPort) {
    Map<String, String> settings = new TreeMap<>();
    settings.put("process.roles", "broker,controller");
    settings.put("node.id", "1");
    settings.put("controller.quorum.voters", "1@" + Loopback.ADDRESS + ":" + controllerPort);
    settings.put("controller.listener.names", "CONTROLLER");
    settings.put(
        "listeners",
        "PLAINTEXT://%1$s:%2$d,CONTROLLER://%1$s:%3$d"
            .formatted(Loopback.ADDRESS, port, controllerPort));
    settings.put("advertised.listeners", "PLAINTEXT://" + Loopback.ADDRESS + ":" + port);
    settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    settings.put("log.dirs", folder.resolve("data").toString());
    // Topics are made on purpose: one made by a typing error would swallow events.
    settings.put("auto.create.topics.enable", "false");
    settings.put("num.partitions", "4");
    // Above the 4 MiB that the topic of events allows.
    settings.put("message.max.bytes", "8388608");
    settings.put("replica.fetch.max.bytes", "8388608");
    // Old events carry old timestamps; the default retention would delete them within minutes.
    settings.put("log.retention.ms", "-1");
    // One broker, so one replica; few partitions of the internal topics make a fast start.
    settings.put("offsets.topic.replication.factor", "1");
    settings.put("offsets.topic.num.partitions", "4");
    settings.put("transaction.state.log.replication.factor", "1");
    settings.put("transaction.state.log.min.isr", "1");
    settings.put("transaction.state.log.num.partitions", "4");
    settings.put("share.coordinator.state.topic.replication.factor", "1");
    settings.put("share.coordinator.state.topic.min.isr", "1");
    settings.put("share.coordinator.state.topic.num.partitions", "4");
    settings.put("group.initial.rebalance.delay.ms", "0");
    settings.put("num.network.threads", "2");
    settings.put("num.io.threads", "4");
    // After kill -9 the controller keeps the old session's place this long (default 9 s).
    settings.put("broker.session.timeout.ms", "4000");
    settings.put("broker.heartbeat.interval.ms", "1000");
    // The default of 128 MiB is a quarter of the heap.
    settings.put("log.cleaner.dedupe.buffer.size", "16777216");
    return settings;
  }

  /** The settings in the form of a properties file. */
  private static String text(Map<String, String> settings) {
    StringBuilder text = new StringBuilder("# Written at every start by the local stack.\n");
    settings.forEach(
        (key, value) ->
            text.append(key).append('=').append(value.replace("\\", "\\\\")).append('\n'));
    return text.toString();
  }
}
