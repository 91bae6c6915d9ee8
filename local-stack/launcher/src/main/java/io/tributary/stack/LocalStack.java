package io.tributary.stack;

import io.tributary.stack.StackRecord.RecordedProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A running broker and node, which end when this object is closed or when this JVM ends, however it
 * ends. A later start in the same home goes on with the same data.
 */
public final class LocalStack implements AutoCloseable {
  private static final Duration LEFTOVER_LIMIT = Duration.ofSeconds(12);

  private final Path home;
  private final HomeLock lock;
  private final KafkaBroker broker;
  private final ElasticsearchNode node;

  private LocalStack(Path home, HomeLock lock, KafkaBroker broker, ElasticsearchNode node) {
    this.home = home;
    this.lock = lock;
    this.broker = broker;
    this.node = node;
  }

  /**
   * Starts both servers and returns when both answer.
   *
   * @throws StackException when a port is taken, the home is in use or cannot be written, or a
   *     server does not come up; nothing is left running then
   */
  public static LocalStack start(StackOptions options) {
    Checkout checkout = Checkout.find();
    HomeLock lock = HomeLock.take(options.home());
    LocalStack stack = null;
    try {
      awaitLeftovers(options.home());
      stack =
          new LocalStack(
              options.home(),
              lock,
              KafkaBroker.prepare(options, checkout),
              ElasticsearchNode.prepare(options, checkout));
      stack.startServers();
      return stack;
    } catch (RuntimeException failed) {
      if (stack != null) {
        stack.broker.kill();
        stack.node.kill();
        StackRecord.delete(options.home());
      }
      lock.close();
      throw failed;
    }
  }

  /** The broker's {@code host:port}. */
  public String kafka() {
    return broker.address();
  }

  /** The node's {@code http://host:port}. */
  public String elasticsearch() {
    return node.url();
  }

  /** The folder with the data and, in {@code logs}, the servers' logs. */
  public Path home() {
    return home;
  }

  /** The broker, to stop, kill and start it alone. */
  public KafkaBroker broker() {
    return broker;
  }

  /** The node, to stop, kill and start it alone. */
  public ElasticsearchNode node() {
    return node;
  }

  /** Stops both servers cleanly, both at once, and waits until they are gone. */
  @Override
  public void close() {
    Thread stopsBroker = new Thread(broker::stop, "stop-kafka");
    stopsBroker.start();
    try {
      node.stop();
      stopsBroker.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      broker.kill();
    }
    StackRecord.delete(home);
    lock.close();
  }

  boolean isRunning(Server server) {
    return switch (server) {
      case KAFKA -> broker.isRunning();
      case ELASTICSEARCH -> node.isRunning();
    };
  }

  String end(Server server) {
    return switch (server) {
      case KAFKA -> broker.end();
      case ELASTICSEARCH -> node.end();
    };
  }

  void stop(Server server) {
    switch (server) {
      case KAFKA -> broker.stop();
      case ELASTICSEARCH -> node.stop();
    }
  }

  /** Starts one server again and tells other processes its new id. */
  void start(Server server) {
    switch (server) {
      case KAFKA -> broker.start();
      case ELASTICSEARCH -> node.start();
    }
    record(StackRecord.State.READY);
  }

  /** Tells other processes what runs here. */
  private void record(StackRecord.State state) {
    new StackRecord(
            home,
            state,
            kafka(),
            elasticsearch(),
            RecordedProcess.of(ProcessHandle.current()),
            RecordedProcess.of(broker.pid()),
            RecordedProcess.of(node.pid()))
        .write();
  }

  private void startServers() {
    broker.spawn();
    node.spawn();
    record(StackRecord.State.STARTING);
    broker.awaitReady();
    node.awaitReady();
    record(StackRecord.State.READY);
  }

  /**
   * Servers whose holder was killed need a moment to notice it and to free their data; a start
   * right behind would find them locked.
   */
  private static void awaitLeftovers(Path home) {
    Optional<StackRecord> previous = StackRecord.of(home);
    if (previous.isEmpty()) {
      return;
    }
    for (RecordedProcess server :
        List.of(previous.get().kafkaProcess(), previous.get().elasticsearchProcess())) {
      server.alive().ifPresent(LocalStack::awaitEnd);
    }
    StackRecord.delete(home);
  }

  private static void awaitEnd(ProcessHandle leftover) {
    try {
      leftover.onExit().get(LEFTOVER_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException stuck) {
      leftover.destroyForcibly();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
