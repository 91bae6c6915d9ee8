package io.tributary.stack;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The command line of local-stack, read together with the environment. */
final class Arguments {
  static final String USAGE =
      """
      Usage: local-stack start|stop [kafka|elasticsearch] [OPTION]...
             local-stack status [--json] [--home FOLDER]

      Starts a Kafka broker and an Elasticsearch node on 127.0.0.1, for development and tests.
      With a server's name it starts or stops that one alone in a running stack.

        --home FOLDER              data and logs (default TRIBUTARY_HOME)
        --kafka-port PORT          0 = any free one (default: TRIBUTARY_KAFKA, else the one these
                                   data had before, else 9092)
        --elasticsearch-port PORT  likewise (TRIBUTARY_ELASTICSEARCH, 9200)
        --kafka-heap SIZE          default 512m
        --elasticsearch-heap SIZE  default 1g
        --quick-start              starts in half the time, serves slower: for short use
        --foreground               stay in the foreground until SIGTERM or Ctrl-C
        --with-parent              with --foreground: end when standard input ends, too
        --json                     for status: one line of JSON

      Exit codes: 0 done or running, 1 failed or not running, 2 wrong usage.
      """;

  private static final Set<String> FLAGS =
      Set.of("--quick-start", "--foreground", "--with-parent", "--json");
  private static final Set<String> OPTIONS =
      Set.of(
          "--home", "--kafka-port", "--elasticsearch-port", "--kafka-heap", "--elasticsearch-heap");

  private final Command command;
  private final Optional<Server> server;
  private final Map<String, String> options;
  private final Map<String, String> environment;

  /** What to do. */
  enum Command {
    START,
    STOP,
    STATUS
  }

  private Arguments(
      Command command,
      Optional<Server> server,
      Map<String, String> options,
      Map<String, String> environment) {
    this.command = command;
    this.server = server;
    this.options = options;
    this.environment = environment;
  }

  /**
   * Reads the words of the command line.
   *
   * @throws UsageException naming what is wrong with them
   */
  static Arguments read(List<String> words, Map<String, String> environment) throws UsageException {
    Command command = null;
    Optional<Server> server = Optional.empty();
    Map<String, String> options = new HashMap<>();
    for (Iterator<String> left = words.iterator(); left.hasNext(); ) {
      String word = left.next();
      if (FLAGS.contains(word)) {
        options.put(word, "");
      } else if (OPTIONS.contains(word)) {
        if (!left.hasNext()) {
          throw new UsageException("Invalid " + word + ": nothing follows it (it needs a value)");
        }
        options.put(word, left.next());
      } else if (command == null) {
        command = command(word);
      } else if (server.isEmpty() && command != Command.STATUS) {
        server = Optional.of(server(word));
      } else {
        throw new UsageException("Invalid argument: " + word);
      }
    }
    if (command == null) {
      throw new UsageException("Nothing to do: say start, stop or status");
    }
    return new Arguments(command, server, options, environment);
  }

  Command command() {
    return command;
  }

  /** The one server meant, empty for the whole stack. */
  Optional<Server> server() {
    return server;
  }

  boolean has(String flag) {
    return options.containsKey(flag);
  }

  Path home() throws UsageException {
    String home = options.getOrDefault("--home", environment.getOrDefault("TRIBUTARY_HOME", ""));
    if (home.isBlank()) {
      throw new UsageException(
          "No home: give --home FOLDER or set TRIBUTARY_HOME (scripts/local-stack does)");
    }
    return Path.of(home).toAbsolutePath().normalize();
  }

  StackOptions stackOptions() throws UsageException {
    Path home = home();
    int kafka = port("--kafka-port", "TRIBUTARY_KAFKA", home.resolve("kafka/port"), 9092);
    int elasticsearch =
        port(
            "--elasticsearch-port",
            "TRIBUTARY_ELASTICSEARCH",
            home.resolve("elasticsearch/port"),
            9200);
    if (kafka == elasticsearch && kafka != 0) {
      throw new UsageException(
          "Invalid ports: both servers would listen on " + kafka + " (choose two)");
    }
    StackOptions defaults = StackOptions.in(home);
    return defaults
        .withTuning(has("--quick-start") ? Tuning.QUICK_START : Tuning.THROUGHPUT)
        .withPorts(kafka, elasticsearch)
        .withHeaps(
            options.getOrDefault("--kafka-heap", defaults.kafka().heap()),
            options.getOrDefault("--elasticsearch-heap", defaults.elasticsearch().heap()));
  }

  private int port(String option, String variable, Path kept, int usual) throws UsageException {
    String given = options.get(option);
    if (given != null) {
      return port(option, given);
    }
    String address = environment.getOrDefault(variable, "").strip();
    if (!address.isEmpty()) {
      return portOfAddress(variable, address);
    }
    int before = Ports.kept(kept);
    return before == 0 ? usual : before;
  }

  private static int portOfAddress(String variable, String address) throws UsageException {
    String bare = address.replaceFirst("^http://", "").replaceFirst("/$", "");
    int colon = bare.lastIndexOf(':');
    String host = colon < 0 ? bare : bare.substring(0, colon);
    if (!host.equals(Loopback.ADDRESS) && !host.equals("localhost")) {
      throw new UsageException(
          "Invalid %s for the local stack: %s (it listens on %s only; unset the variable, or name a port by option)"
              .formatted(variable, address, Loopback.ADDRESS));
    }
    return port(variable, colon < 0 ? "" : bare.substring(colon + 1));
  }

  private static int port(String source, String text) throws UsageException {
    Integer port = number(text);
    if (port == null || port < 0 || port > 65_535) {
      throw new UsageException(
          "Invalid %s: '%s' (a port is a number from 1 to 65535, 0 for any free one)"
              .formatted(source, text));
    }
    return port;
  }

  private static @Nullable Integer number(String text) {
    try {
      return Integer.valueOf(text);
    } catch (NumberFormatException noNumber) {
      return null;
    }
  }

  private static Command command(String word) throws UsageException {
    return switch (word) {
      case "start" -> Command.START;
      case "stop" -> Command.STOP;
      case "status" -> Command.STATUS;
      default ->
          throw new UsageException("Invalid command: " + word + " (say start, stop or status)");
    };
  }

  private static Server server(String word) throws UsageException {
    for (Server server : Server.values()) {
      if (server.code().equals(word)) {
        return server;
      }
    }
    throw new UsageException("Invalid server: " + word + " (kafka or elasticsearch)");
  }
}
