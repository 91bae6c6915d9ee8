package io.tributary.streaming;

import io.delta.kernel.engine.Engine;
import io.tributary.lake.index.IndexAdministration;
import io.tributary.lake.index.IndexPosition;
import io.tributary.lake.index.Owed;
import io.tributary.lake.ledger.Ledger;
import io.tributary.lake.table.LakeEngine;
import io.tributary.lake.table.LedgerRow;
import io.tributary.lake.table.StreamPosition;
import io.tributary.lake.table.StreamTable;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the index ready for the query and finds where it goes on. What it passes by, and what is
 * deleted to be made again, is on record before it is owed, and owed before it is done: a kill in
 * between has it on record or owed twice, and never not at all.
 */
final class IndexBeginning {
  private static final Logger LOG = LoggerFactory.getLogger(IndexBeginning.class);

  private final StreamingConfiguration configuration;
  private final KafkaTopics topics;
  private final IndexAdministration administration;
  private final IndexPositions positions;
  private final Clock clock;
  private final Engine engine;
  private final IndexOutlook outlook;

  IndexBeginning(
      StreamingConfiguration configuration,
      Configuration hadoop,
      KafkaTopics topics,
      IndexAdministration administration,
      IndexPositions positions,
      Clock clock) {
    this.configuration = configuration;
    this.topics = topics;
    this.administration = administration;
    this.positions = positions;
    this.clock = clock;
    this.engine = LakeEngine.create(hadoop);
    this.outlook = new IndexOutlook(configuration, engine, administration);
  }

  /** The position to go on at, kept in the index with everything that is owed. */
  IndexPosition make() throws UnavailableException, IOException, InterruptedException {
    Map<LocalDate, String> wrong = install();
    refuseIfLost(wrong);
    StreamPosition lake =
        StreamPosition.after(StreamTable.newestOfLake(engine, configuration.lake().root()));
    Holdings kafka = topics.holdings();
    Optional<IndexPosition> stored = positions.read();
    Instant now = clock.instant();
    IndexPosition begin = outlook.begin(stored, kafka, lake, wrong, now);
    putOnRecord(stored, begin, now);
    positions.start(begin, () -> administration.dropEvents(wrong));
    return begin;
  }

  private Map<LocalDate, String> install() throws UnavailableException {
    try {
      return administration.install(configuration.fields(), configuration.counts().dimensions());
    } catch (IOException e) {
      throw new UnavailableException(
          "Cannot install the index templates: Elasticsearch at %s does not answer as it should (%s). Check that it runs and that index.elasticsearch is right."
              .formatted(configuration.index().elasticsearch(), e.getMessage()),
          e);
    }
  }

  private void refuseIfLost(Map<LocalDate, String> wrong) throws UnavailableException, IOException {
    Optional<String> refusal = outlook.refusal(wrong);
    if (refusal.isPresent()) {
      throw new UnavailableException(refusal.get());
    }
  }

  private void putOnRecord(Optional<IndexPosition> stored, IndexPosition begin, Instant now)
      throws IOException {
    List<Owed> added = added(stored.map(IndexPosition::owed).orElse(List.of()), begin.owed());
    if (!added.isEmpty()) {
      // While no position can be kept nothing is passed by, and every try would put it on record.
      positions.tryToKeep(stored);
      record(added, now);
    }
  }

  private static List<Owed> added(List<Owed> before, List<Owed> now) {
    return now.stream()
        .filter(debt -> before.stream().noneMatch(known -> known.as(debt.id()).equals(debt)))
        .toList();
  }

  private void record(List<Owed> owed, Instant now) {
    List<LedgerRow> rows = new ArrayList<>();
    owed.forEach(debt -> rows.addAll(debt.onRecord(now, "owed")));
    Ledger.open(engine, configuration.lake().root()).append(rows);
    owed.forEach(
        debt ->
            LOG.warn(
                "The index is owed events ({}); it is filled from the lake, newest hours first",
                debt.describe()));
  }
}
