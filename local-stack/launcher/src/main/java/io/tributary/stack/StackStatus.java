package io.tributary.stack;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What runs in a home right now, found out from outside. */
record StackStatus(Path home, State state, Optional<StackRecord> record, Set<Server> silent) {
  /** How the stack as a whole is. */
  enum State {
    /** Both servers answer. */
    RUNNING("running"),
    /** The supervisor is bringing the servers up. */
    STARTING("starting"),
    /** The supervisor is there and a server does not answer. */
    DEGRADED("degraded"),
    STOPPED("stopped");

    private final String code;

    State(String code) {
      this.code = code;
    }

    String code() {
      return code;
    }
  }

  static StackStatus of(Path home) {
    Optional<StackRecord> record =
        StackRecord.of(home).filter(found -> found.supervisor().alive().isPresent());
    if (record.isEmpty()) {
      return new StackStatus(home, State.STOPPED, record, Set.of());
    }
    if (record.get().state() == StackRecord.State.STARTING) {
      return new StackStatus(home, State.STARTING, record, Set.of());
    }
    Set<Server> silent = EnumSet.allOf(Server.class);
    silent.removeIf(record.get()::answers);
    return new StackStatus(
        home, silent.isEmpty() ? State.RUNNING : State.DEGRADED, record, Set.copyOf(silent));
  }

  /** One line of JSON. */
  String json() {
    String servers =
        record
            .map(
                found ->
                    "\"kafka\":%s,\"elasticsearch\":%s,\"pids\":{\"supervisor\":%d,\"kafka\":%d,\"elasticsearch\":%d},"
                        .formatted(
                            text(found.kafka()),
                            text(found.elasticsearch()),
                            found.supervisor().pid(),
                            found.kafkaProcess().pid(),
                            found.elasticsearchProcess().pid()))
            .orElse("");
    return "{%s\"home\":%s,\"state\":%s}"
        .formatted(servers, text(home.toString()), text(state.code()));
  }

  /** Some lines for people. */
  String screen() {
    return record
        .map(
            found ->
                "The local stack is %s%s (processes: supervisor %d, Kafka %d, Elasticsearch %d).%n%s"
                    .formatted(
                        state.code(),
                        silentServers(),
                        found.supervisor().pid(),
                        found.kafkaProcess().pid(),
                        found.elasticsearchProcess().pid(),
                        Screen.running(found.kafka(), found.elasticsearch(), home)))
        .orElse("No local stack is running in " + home + ".");
  }

  private String silentServers() {
    return silent.isEmpty()
        ? ""
        : silent.stream()
            .map(Server::code)
            .sorted()
            .collect(Collectors.joining(" and ", ": no answer from ", ""));
  }

  private static String text(String value) {
    return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
