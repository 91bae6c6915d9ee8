package io.tributary.drill;

import io.tributary.drill.ElasticsearchProxy.Mode;
import io.tributary.lake.seam.Step;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/** Something that goes wrong. */
interface Fault {
  /** Its name in reports and options: {@code kill-files-written}. */
  String name();

  /** Lets it go wrong while records flow. */
  Strike strike(Arena arena, SplittableRandom random)
      throws IOException, InterruptedException, DrillFailedException;

  /** All of them, in the order in which they are described. */
  static List<Fault> all() {
    List<Fault> faults = new ArrayList<>();
    for (Step step : Step.values()) {
      faults.add(new KilledAtStep(step));
    }
    faults.add(new KilledAnyTime());
    for (Step step :
        List.of(
            Step.FILES_WRITTEN,
            Step.COMMIT_PREPARED,
            Step.LETTERS_COMMITTED,
            Step.EVENTS_COMMITTED,
            Step.BULK_SENT)) {
      faults.add(new StoppedBesideSuccessor(step));
    }
    faults.add(new ServerFault(ServerFault.Server.KAFKA, ServerFault.End.KILLED));
    faults.add(new ServerFault(ServerFault.Server.KAFKA, ServerFault.End.STOPPED));
    faults.add(new ServerFault(ServerFault.Server.ELASTICSEARCH, ServerFault.End.KILLED));
    for (Mode mode : Mode.values()) {
      if (mode != Mode.HONEST) {
        faults.add(new BadAnswers(mode));
      }
    }
    faults.add(new LakeFull());
    faults.add(new CheckpointsDeleted());
    faults.add(new TopicRecreated());
    return List.copyOf(faults);
  }

  /** A constant's name as it is written in options. */
  static String code(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
