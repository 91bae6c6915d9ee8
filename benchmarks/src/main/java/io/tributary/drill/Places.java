package io.tributary.drill;

import io.tributary.layout.IndexLayout;
import io.tributary.layout.LakeLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Reads all places that events come to and has them compared with what was sent. */
final class Places {
  private final Path lake;
  private final String elasticsearch;
  private final IndexLayout layout = new IndexLayout();
  private final LakeSoFar soFar;

  Places(Path lake, String elasticsearch) {
    this.lake = lake;
    this.elasticsearch = elasticsearch;
    this.soFar = new LakeSoFar(lake.toString());
  }

  /** What is wrong in the lake; nobody may write to it meanwhile. */
  List<String> faultsAtPosition(List<SentRecord> sent, Generations generations) throws IOException {
    return ExactCheck.atPosition(sent, soFar.now(generations), events().batches(), generations);
  }

  /** What is wrong anywhere when all has arrived; every file is read, also those seen before. */
  List<String> faults(List<SentRecord> sent, Generations generations) throws IOException {
    return ExactCheck.complete(
        sent,
        LakeContents.read(lake.toString(), generations),
        IndexContents.read(elasticsearch, layout),
        events().batches(),
        generations);
  }

  /** Changes with every commit to what comes later than the rows: counts and ledger. */
  long versions() throws IOException {
    return new TableLog(lake.resolve(LakeLayout.EVENT_COUNTS)).newest()
        + new TableLog(lake.resolve(LakeLayout.LEDGER)).newest();
  }

  private TableLog events() {
    return new TableLog(lake.resolve(LakeLayout.EVENTS));
  }
}
