package io.tributary.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Optional;
import java.util.Properties;

/**
 * What is known of the stack of a home, kept in a file there for other processes. It says nothing
 * about whether the stack still runs: its holder may have been killed.
 *
 * @param state {@link State#STARTING} until both servers have answered
 * @param kafka {@code host:port}
 * @param elasticsearch {@code http://host:port}
 */
record StackRecord(
    Path home,
    State state,
    String kafka,
    String elasticsearch,
    RecordedProcess supervisor,
    RecordedProcess kafkaProcess,
    RecordedProcess elasticsearchProcess) {

  /** How far its start has come. */
  enum State {
    STARTING,
    READY
  }

  /** A process, told from a later one of the same id by the moment it started (epoch ms). */
  record RecordedProcess(long pid, long startedMillis) {
    static RecordedProcess of(ProcessHandle handle) {
      return new RecordedProcess(handle.pid(), startedMillis(handle));
    }

    static RecordedProcess of(long pid) {
      return ProcessHandle.of(pid)
          .map(RecordedProcess::of)
          .orElseGet(() -> new RecordedProcess(pid, 0));
    }

    /** The process, if it still lives. */
    Optional<ProcessHandle> alive() {
      return ProcessHandle.of(pid)
          .filter(ProcessHandle::isAlive)
          .filter(handle -> startedMillis(handle) == startedMillis);
    }

    private static long startedMillis(ProcessHandle handle) {
      return handle.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }
  }

  private static final String FILE = "local-stack.properties";

  /** The record of a home, empty when none is there or it cannot be understood. */
  static Optional<StackRecord> of(Path home) {
    Path file = home.resolve(FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    Properties all = new Properties();
    try (var reader = Files.newBufferedReader(file)) {
      all.load(reader);
      return Optional.of(
          new StackRecord(
              home,
              State.valueOf(all.getProperty("state", State.STARTING.name())),
              all.getProperty("kafka", ""),
              all.getProperty("elasticsearch", ""),
              process(all, "supervisor"),
              process(all, "kafka"),
              process(all, "elasticsearch")));
    } catch (IOException | IllegalArgumentException unreadable) {
      return Optional.empty();
    }
  }

  RecordedProcess process(Server server) {
    return switch (server) {
      case KAFKA -> kafkaProcess;
      case ELASTICSEARCH -> elasticsearchProcess;
    };
  }

  /** True when the server answers right now. */
  boolean answers(Server server) {
    if (process(server).alive().isEmpty()) {
      return false;
    }
    ServerProcess.Readiness probe =
        switch (server) {
          case KAFKA ->
              new KafkaMetadataProbe(Integer.parseInt(kafka.substring(kafka.lastIndexOf(':') + 1)));
          case ELASTICSEARCH -> new ElasticsearchHealthProbe(elasticsearch);
        };
    try {
      probe.check();
      return true;
    } catch (IOException silent) {
      return false;
    }
  }

  /** Writes the file in one step: a reader sees the old record or the new one. */
  void write() {
    Properties all = new Properties();
    all.setProperty("state", state.name());
    all.setProperty("kafka", kafka);
    all.setProperty("elasticsearch", elasticsearch);
    put(all, "supervisor", supervisor);
    put(all, "kafka", kafkaProcess);
    put(all, "elasticsearch", elasticsearchProcess);
    Path next = home.resolve(FILE + ".next");
    try {
      try (Writer writer = Files.newBufferedWriter(next)) {
        all.store(writer, null);
      }
      Files.move(
          next,
          home.resolve(FILE),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  static void delete(Path home) {
    try {
      Files.deleteIfExists(home.resolve(FILE));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static RecordedProcess process(Properties all, String name) {
    return new RecordedProcess(
        Long.parseLong(all.getProperty(name + ".pid", "0")),
        Long.parseLong(all.getProperty(name + ".started", "0")));
  }

  private static void put(Properties all, String name, RecordedProcess process) {
    all.setProperty(name + ".pid", String.valueOf(process.pid()));
    all.setProperty(name + ".started", String.valueOf(process.startedMillis()));
  }
}
