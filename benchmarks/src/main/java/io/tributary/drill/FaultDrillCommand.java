package io.tributary.drill;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tributary.benchmark.TemporaryHome;
import io.tributary.lake.seam.Guard;
import io.tributary.lake.seam.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The whole drill as a command. */
@Command(
    name = "fault-drill",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Kills, stops and starves the streaming job and its servers while known records flow, then"
          + " compares the lake, the index, the counts and the accounting with what was sent."
          + " A round that cannot prove its fault, or that hit nothing in flight, is invalid."
          + " Exit code 1 on any difference and on any invalid round."
    },
    subcommands = FencingCommand.class)
final class FaultDrillCommand implements Callable<Integer> {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
  private static final int MUTATION_ROUNDS = 6;

  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--rounds", description = "Rounds to play; default: each fault once.")
  private int rounds;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "What the choices are made from (default ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "NAME",
      description = "Only these faults; names as the report has them, or their beginnings.")
  private List<String> only = List.of();

  @Option(names = "--without", split = ",", paramLabel = "NAME", description = "All but these.")
  private List<String> without = List.of();

  @Option(
      names = "--compare-every",
      defaultValue = "10",
      description = "Rounds between two comparisons of everything (default ${DEFAULT-VALUE}).")
  private int compareEvery;

  @Option(
      names = "--mutations",
      description =
          "Play a few rounds with each guard switched off; the drill has to fail each time.")
  private boolean mutations;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the report there, too.")
  private @Nullable Path json;

  @Option(names = "--list", description = "Name all faults and end.")
  private boolean list;

  @Option(names = "--keep", description = "Keep data and logs.")
  private boolean keep;

  @Override
  public Integer call() throws IOException, InterruptedException, DrillFailedException {
    if (list) {
      Fault.all().forEach(fault -> System.out.println(fault.name()));
      return 0;
    }
    if (rounds < 0 || compareEvery < 1) {
      throw wrong("Invalid number: rounds and compare-every must be at least 1.");
    }
    return mutations ? mutations() : drill();
  }

  private int drill() throws IOException, InterruptedException, DrillFailedException {
    List<Fault> faults = chosen();
    DrillReport report = run(faults, rounds == 0 ? faults.size() : rounds, null);
    System.out.print(report.text());
    Path target = json;
    if (target != null) {
      JSON.writeValue(target.toFile(), report.values());
    }
    return report.isDifferent() || report.hasInvalidRounds() ? 1 : 0;
  }

  /** A drill that would pass without the guards proves nothing. */
  private int mutations() throws IOException, InterruptedException, DrillFailedException {
    boolean allNoticed = true;
    for (Guard guard : Guard.values()) {
      List<Fault> faults =
          switch (guard) {
            case FENCING ->
                List.of(
                    new StoppedBesideSuccessor(Step.COMMIT_PREPARED),
                    new StoppedBesideSuccessor(Step.FILES_WRITTEN));
            case OFFSET_RANGES ->
                List.of(new KilledAtStep(Step.EVENTS_COMMITTED), new CheckpointsDeleted());
            case CREATE_ONLY -> List.of(new KilledAtStep(Step.BULK_ANSWERED));
          };
      DrillReport report = run(faults, MUTATION_ROUNDS, guard);
      allNoticed &= report.isDifferent();
      System.out.printf(
          "Without %s the drill %s.%n",
          guard, report.isDifferent() ? "fails, as it has to" : "PASSED: it would not notice");
    }
    return allNoticed ? 0 : 1;
  }

  private DrillReport run(List<Fault> faults, int number, @Nullable Guard off)
      throws IOException, InterruptedException, DrillFailedException {
    long start = System.nanoTime();
    try (TemporaryHome home = TemporaryHome.create("drill");
        FaultDrill drill =
            new FaultDrill(
                faults,
                number,
                off == null ? compareEvery : 2,
                seed,
                off,
                line ->
                    System.err.printf(
                        "%5d s  %s%n", (System.nanoTime() - start) / 1_000_000_000, line))) {
      if (keep) {
        home.keep();
      }
      try (SignalEnd end =
          new SignalEnd(
              () -> {
                drill.close();
                home.close();
              })) {
        try {
          DrillReport report = drill.run(home.path());
          if (report.isDifferent() && off == null) {
            home.keep();
          }
          return report;
        } catch (IOException | DrillFailedException | RuntimeException e) {
          end.letEnd();
          home.keep();
          throw e;
        }
      }
    }
  }

  private List<Fault> chosen() {
    Set<String> unknown = new TreeSet<>(only);
    unknown.addAll(without);
    List<Fault> all = Fault.all();
    unknown.removeIf(name -> all.stream().anyMatch(fault -> fault.name().startsWith(name)));
    if (!unknown.isEmpty()) {
      throw wrong(
          "Invalid fault: %s (one of %s)"
              .formatted(
                  String.join(", ", unknown),
                  all.stream().map(Fault::name).collect(Collectors.joining(", "))));
    }
    return all.stream()
        .filter(fault -> only.isEmpty() || only.stream().anyMatch(fault.name()::startsWith))
        .filter(fault -> without.stream().noneMatch(fault.name()::startsWith))
        .toList();
  }

  private ParameterException wrong(String message) {
    CommandSpec own = spec;
    if (own == null) {
      throw new IllegalStateException("The command runs only through its command line");
    }
    return new ParameterException(own.commandLine(), message);
  }
}
