package io.tributary.drill;

import io.tributary.benchmark.TemporaryHome;
import io.tributary.drill.FencingRound.Phase;
import io.tributary.lake.seam.Guard;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The rounds of a stopped writer and its successor, as a command. */
@Command(
    name = "fencing",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Stops a process that commits by SIGSTOP, lets a successor commit, continues the first, and"
          + " checks that it is refused and that no commit is lost, doubled or written over."
          + " Needs no servers. Exit code 1 on any fault, or when a guard is off and no round fails."
    })
final class FencingCommand implements Callable<Integer> {
  @Option(
      names = "--rounds",
      defaultValue = "200",
      description = "Valid rounds to play (default ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "What the choices are made from (default ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--without-fencing",
      description = "Switch the guard off: some rounds have to fail then.")
  private boolean withoutFencing;

  @Option(
      names = "--store",
      paramLabel = "CLASS",
      description =
          "Commit by this log store instead of ours, for example"
              + " io.delta.storage.LocalLogStore: shows what it is worth.")
  private @Nullable String store;

  @Option(names = "--keep", description = "Keep tables and logs.")
  private boolean keep;

  @Override
  public Integer call() throws IOException, InterruptedException, DrillFailedException {
    Guard off = withoutFencing ? Guard.FENCING : null;
    List<FencingRound> played = new ArrayList<>();
    try (TemporaryHome home = TemporaryHome.create("drill");
        FencingDrill drill = FencingDrill.start(home.path(), seed, store, off)) {
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
          return report(played, play(drill, home, played));
        } catch (IOException | DrillFailedException | RuntimeException e) {
          end.letEnd();
          throw e;
        }
      }
    }
  }

  private int play(FencingDrill drill, TemporaryHome home, List<FencingRound> played)
      throws IOException, InterruptedException, DrillFailedException {
    int valid = 0;
    for (int number = 0; valid < rounds && number < 2 * rounds + 20; number++) {
      FencingRound round = drill.round(number);
      played.add(round);
      valid += round.isValid() ? 1 : 0;
      System.out.println(round.text());
      if (!round.faults().isEmpty() && !isExpectedToFail()) {
        home.keep();
      }
    }
    return valid;
  }

  private boolean isExpectedToFail() {
    return withoutFencing || store != null;
  }

  private int report(List<FencingRound> played, int valid) {
    long failed = played.stream().filter(round -> !round.faults().isEmpty()).count();
    Map<Phase, Long> phases =
        played.stream()
            .collect(
                Collectors.groupingBy(FencingRound::phase, TreeMap::new, Collectors.counting()));
    System.out.printf(
        "%d rounds valid, %d invalid; %d failed; stopped %s; seed %d%n",
        valid, played.size() - valid, failed, phases, seed);
    if (valid < rounds) {
      System.out.println("Too few rounds hit a writer at work: nothing is proven.");
      return 1;
    }
    if (isExpectedToFail()) {
      System.out.println(
          failed > 0
              ? "Without our fencing the drill fails, as it has to."
              : "Nothing failed although our fencing was not there.");
    }
    return (failed > 0) == isExpectedToFail() ? 0 : 1;
  }
}
