package io.tributary.reader;

import io.tributary.layout.LakeLayout;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code scripts/trace}: what became of an event. */
@Command(
    name = "trace",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Tells what became of an event: its row with place in Kafka, file, version and batch; its"
            + " duplicates; its letters; its document. Exit code 0 when anything was found, 1 when"
            + " nothing was or the lake cannot be read, 2 for wrong arguments.")
public final class TraceMain implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Parameters(index = "0", paramLabel = "ID", description = "The event's event_id.")
  private String eventId = "";

  @Option(
      names = "--day",
      paramLabel = "D",
      description = "Only rows and documents of this UTC day of event time, like 2016-06-10.")
  private @Nullable LocalDate day;

  @Option(names = "--json", description = "Print one line of JSON.")
  private boolean asJson;

  @Option(
      names = "--lake",
      required = true,
      defaultValue = "${env:TRIBUTARY_LAKE}",
      description = "Root of the lake; default $$TRIBUTARY_LAKE.")
  private String lake = "";

  @Option(
      names = "--elasticsearch",
      defaultValue = "${env:TRIBUTARY_ELASTICSEARCH:-http://localhost:9200}",
      description = "URL; default $$TRIBUTARY_ELASTICSEARCH or http://localhost:9200.")
  private String elasticsearch = "";

  @Option(
      names = "--index-prefix",
      defaultValue = "${env:TRIBUTARY_INDEX_PREFIX:-}",
      description = "In front of the names of indices; default $$TRIBUTARY_INDEX_PREFIX.")
  private String prefix = "";

  private TraceMain() {}

  /** Exit code 0 when anything was found, 1 when not, 2 for wrong arguments. */
  public static void main(String[] arguments) {
    System.exit(command().execute(arguments));
  }

  static CommandLine command() {
    return new CommandLine(new TraceMain())
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> {
              if (failure instanceof LakeUnreadableException) {
                command.getErr().println(failure.getMessage());
                return 1;
              }
              throw failure;
            });
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    CommandSpec command = spec;
    if (command == null) {
      throw new IllegalStateException("Started outside of its command line.");
    }
    Trace trace = trace();
    PrintWriter out = command.commandLine().getOut();
    List<String> lines = asJson ? List.of(TraceJson.of(trace)) : TraceText.of(trace);
    lines.forEach(out::println);
    out.flush();
    return trace.foundAnything() ? 0 : 1;
  }

  private Trace trace() throws InterruptedException {
    try (Lake opened = Lake.open(lake)) {
      // A lake that is not there is an error; a table that nothing was written to yet is not.
      opened.table(LakeLayout.EVENTS).snapshot();
      LakeTracer tracer = new LakeTracer(opened);
      return new Trace(
          eventId,
          tracer.rows(eventId, day),
          tracer.duplicates(eventId),
          tracer.letters(eventId),
          new IndexTracer(elasticsearch, prefix).documents(eventId, day));
    }
  }
}
