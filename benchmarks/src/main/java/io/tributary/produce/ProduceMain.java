package io.tributary.produce;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code scripts/produce}. */
@Command(
    name = "produce",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Sends events to Kafka (default) or to the API: generated ones, or those of a file."
    })
public final class ProduceMain implements Callable<Integer> {
  private static final int PROGRESS_SECONDS = 5;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--kafka",
      paramLabel = "HOST:PORT",
      defaultValue = "${env:TRIBUTARY_KAFKA:-127.0.0.1:9092}",
      description = "Kafka; default $$TRIBUTARY_KAFKA, else 127.0.0.1:9092.")
  private String kafka = "";

  @Option(
      names = "--topic",
      defaultValue = "${env:TRIBUTARY_TOPIC:-events}",
      description = "Topic, made when it is not there; default $$TRIBUTARY_TOPIC, else events.")
  private String topic = "";

  @Option(
      names = "--partitions",
      defaultValue = "4",
      description = "Partitions of a topic that is made (default ${DEFAULT-VALUE}).")
  private int partitions;

  @Option(
      names = "--http",
      paramLabel = "URL",
      description = "Post to this API instead, for example http://127.0.0.1:8080.")
  private @Nullable String http;

  @Option(
      names = "--http-batch",
      defaultValue = "500",
      description = "Events a request (default ${DEFAULT-VALUE}).")
  private int httpBatch;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "Write the records to this file (NDJSON, gzipped for .gz) and send nothing.")
  private @Nullable Path output;

  @Option(
      names = "--count",
      description = "Records to send; default 1000, of a file all. 0 = until stopped.")
  private @Nullable Long count;

  @Option(
      names = "--rate",
      defaultValue = "0",
      description = "Records a second, evenly; 0 = as fast as possible (default).")
  private double rate;

  @Option(
      names = "--manifest",
      paramLabel = "FILE",
      description =
          "Note down every record: its id, its time and what has to become of it (NDJSON).")
  private @Nullable Path manifest;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "The same seed and start give the same events (default ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--start",
      paramLabel = "TIME",
      description = "Time of the first event, ISO-8601; default so that the last is now.")
  private @Nullable String start;

  @Option(
      names = "--span",
      paramLabel = "DURATION",
      description =
          "Event time from first to last, like PT6H; default by the rate, else 1 ms an event.")
  private @Nullable String span;

  @Option(
      names = "--duplicates",
      defaultValue = "0.02",
      description = "Share of records that repeat an earlier event (default ${DEFAULT-VALUE}).")
  private double duplicates;

  @Option(
      names = "--late",
      defaultValue = "0.03",
      description = "Share of events that are minutes to days late (default ${DEFAULT-VALUE}).")
  private double late;

  @Option(
      names = "--malformed",
      defaultValue = "0",
      description = "Share of records that are no events (default ${DEFAULT-VALUE}).")
  private double malformed;

  @Option(
      names = "--without-id",
      defaultValue = "0",
      description = "Share of events without an id (default ${DEFAULT-VALUE}).")
  private double withoutId;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "Send the lines of this file (NDJSON, .gz unpacked) instead of making events.")
  private @Nullable Path file;

  @Option(names = "--type-field", description = "Field of the file that is the event's type.")
  private @Nullable String typeField;

  @Option(names = "--type", description = "Type of all events of the file.")
  private @Nullable String type;

  @Option(names = "--time-field", description = "Field of the file that is the event's time.")
  private @Nullable String timeField;

  @Option(
      names = "--id-field",
      description = "Field of the file that is the event's id; without it, ids come from content.")
  private @Nullable String idField;

  @Option(
      names = "--source-id-field",
      description = "Field that tells records of equal content apart (may be given again).")
  private List<String> sourceIdFields = List.of();

  private final Clock clock;

  ProduceMain(Clock clock) {
    this.clock = clock;
  }

  /** Exit code 0 when all is sent, 1 when not, 2 for wrong options. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  static int run(String... arguments) {
    return command(Clock.systemUTC()).execute(arguments);
  }

  static CommandLine command(Clock clock) {
    return new CommandLine(new ProduceMain(clock))
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> {
              if (failure instanceof ProduceFailedException || failure instanceof IOException) {
                command.getErr().println(failure.getMessage());
                return 1;
              }
              throw failure;
            });
  }

  @Override
  public Integer call() throws IOException {
    Supply supply = supply();
    try (Manifest.@Nullable Output notes = manifest == null ? null : new Manifest.Output(manifest);
        Destination destination = destination(notes);
        supply) {
      send(supply, destination);
    }
    return 0;
  }

  private Destination destination(Manifest.@Nullable Output notes) throws IOException {
    if (output != null) {
      return new FileDestination(output, notes, clock.millis());
    }
    if (http != null) {
      return new HttpDestination(http, httpBatch, notes);
    }
    KafkaDestination.prepareTopic(kafka, topic, partitions);
    return new KafkaDestination(kafka, topic, notes);
  }

  private void send(Supply supply, Destination destination) throws IOException {
    Pace pace = new Pace(rate);
    long startedNanos = System.nanoTime();
    long nextReport = startedNanos + PROGRESS_SECONDS * 1_000_000_000L;
    long sent = 0;
    long bytes = 0;
    for (Outgoing record = supply.next(); record != null; record = supply.next()) {
      pace.await();
      destination.send(record);
      sent++;
      bytes += record.value().length;
      if ((sent & 63) == 0 && System.nanoTime() > nextReport) {
        nextReport += PROGRESS_SECONDS * 1_000_000_000L;
        err(String.format(Locale.ROOT, "%,d records sent", sent) + speed(sent, startedNanos));
      }
    }
    destination.finish();
    String refused =
        destination.refused() == 0
            ? ""
            : String.format(Locale.ROOT, ", %,d refused", destination.refused());
    out(
        String.format(
            Locale.ROOT,
            "%s %,d records, %.1f MB%s%s.",
            output == null ? "Sent" : "Wrote",
            sent,
            bytes / 1e6,
            refused,
            speed(sent, startedNanos)));
  }

  private static String speed(long sent, long startedNanos) {
    double seconds = (System.nanoTime() - startedNanos) / 1e9;
    return String.format(
        Locale.ROOT, " in %.1f s: %,.0f records/s", seconds, sent / Math.max(seconds, 1e-9));
  }

  private Supply supply() throws IOException {
    requireShape();
    if (file == null) {
      return generated();
    }
    FieldMapping mapping =
        new FieldMapping(typeField, type, timeField, idField, sourceIdFields, clock.millis());
    FileRecords records = new FileRecords(file);
    long limit = count == null || count == 0 ? Long.MAX_VALUE : count;
    return new Supply() {
      private long taken;

      @Override
      public @Nullable Outgoing next() throws IOException {
        byte[] line = taken++ < limit ? records.next() : null;
        return line == null ? null : mapping.outgoing(line);
      }

      @Override
      public void close() throws IOException {
        records.close();
      }
    };
  }

  private Supply generated() {
    long records = count == null ? 1_000 : count == 0 ? Long.MAX_VALUE : count;
    EventGenerator generator = new EventGenerator(settings(records));
    return new Supply() {
      private long taken;

      @Override
      public @Nullable Outgoing next() {
        return taken++ < records ? generator.next().outgoing() : null;
      }

      @Override
      public void close() {
        // Nothing is open.
      }
    };
  }

  private GeneratorSettings settings(long records) {
    long now = ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
    long step = rate > 0 ? (long) (1e6 / rate) : 1_000;
    if (span != null) {
      if (records == Long.MAX_VALUE) {
        throw wrong("Invalid --span: it needs a --count that it is divided by.");
      }
      step = micros("--span", span) / Math.max(records, 1);
    }
    long first;
    if (start != null) {
      first = time(start);
    } else if (records == Long.MAX_VALUE || rate > 0 && span == null) {
      first = now;
    } else {
      first = now - records * step;
    }
    try {
      return new GeneratorSettings(seed, first, step, duplicates, late, malformed, withoutId);
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  private void requireShape() {
    if (rate < 0 || Double.isNaN(rate)) {
      throw wrong("Invalid --rate: " + rate + " (must not be negative).");
    }
    if (count != null && count < 0) {
      throw wrong("Invalid --count: " + count + " (must not be negative).");
    }
    if (partitions < 1) {
      throw wrong("Invalid --partitions: " + partitions + " (at least 1).");
    }
    if (output != null && http != null) {
      throw wrong("Invalid --output: there is an --http already. Give one of them.");
    }
    if (httpBatch < 1 || httpBatch > 10_000) {
      throw wrong("Invalid --http-batch: " + httpBatch + " (1 to 10000).");
    }
    if (typeField != null && type != null) {
      throw wrong("Invalid --type: there is a --type-field already. Give one of them.");
    }
    boolean mapped =
        typeField != null
            || type != null
            || timeField != null
            || idField != null
            || !sourceIdFields.isEmpty();
    if (file == null && mapped) {
      throw wrong(
          "Invalid options: --type-field, --type, --time-field, --id-field and --source-id-field"
              + " need a --file.");
    }
  }

  private long micros(String option, String duration) {
    try {
      return java.time.Duration.parse(duration).toNanos() / 1_000;
    } catch (DateTimeException | ArithmeticException e) {
      throw wrong("Invalid " + option + ": " + duration + " (a duration like PT6H, PT30M, P2D).");
    }
  }

  private long time(String text) {
    try {
      return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(text));
    } catch (DateTimeException | ArithmeticException e) {
      throw wrong("Invalid --start: " + text + " (a time like 2026-01-15T09:00:00Z).");
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(command(), message);
  }

  private void out(String line) {
    command().getOut().println(line);
    command().getOut().flush();
  }

  private void err(String line) {
    command().getErr().println(line);
    command().getErr().flush();
  }

  private CommandLine command() {
    CommandSpec known = spec;
    if (known == null) {
      throw new IllegalStateException("Started outside of its command line.");
    }
    return known.commandLine();
  }

  /** Where the records come from. */
  private interface Supply extends AutoCloseable {
    /** The next record, null after the last. */
    @Nullable Outgoing next() throws IOException;

    @Override
    void close() throws IOException;
  }
}
