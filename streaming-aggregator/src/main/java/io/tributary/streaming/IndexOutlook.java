package io.tributary.streaming;

import io.delta.kernel.engine.Engine;
import io.tributary.lake.index.IndexAdministration;
import io.tributary.lake.index.IndexPosition;
import io.tributary.lake.table.StreamPosition;
import io.tributary.layout.IndexLayout;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;

/**
 * What a start of the index query comes to: asked by the start, and by who wants to know before.
 */
final class IndexOutlook {
  private final StreamingConfiguration configuration;
  private final Engine engine;
  private final IndexAdministration administration;

  IndexOutlook(
      StreamingConfiguration configuration, Engine engine, IndexAdministration administration) {
    this.configuration = configuration;
    this.engine = engine;
    this.administration = administration;
  }

  /**
   * The position to go on at, with everything owed.
   *
   * @param stored where the index says it stands
   * @param lake up to where the lake had read before this is asked
   * @param wrong the days whose indices were made without our template
   */
  IndexPosition begin(
      Optional<IndexPosition> stored,
      Holdings kafka,
      StreamPosition lake,
      Map<LocalDate, String> wrong,
      Instant now) {
    IndexPosition begin =
        new IndexResumption(
                stored,
                kafka,
                lake,
                LakeContents.of(engine, configuration.lake().root()),
                configuration.kafka().startingOffsets(),
                configuration.index().maxLag())
            .resume(now);
    // Without a position everything is owed, and these days with it.
    return stored.isEmpty() || wrong.isEmpty()
        ? begin
        : new DaysMadeAgain(wrong.keySet(), stored.get(), kafka).owedBy(begin, now);
  }

  /**
   * Why days may not be made again: an index is only deleted once the lake has its events. That
   * Kafka will give them to the lake is not known: retention may have passed since the index read
   * them, the topic may have been made again.
   */
  Optional<String> refusal(Map<LocalDate, String> wrong) throws IOException {
    for (Map.Entry<LocalDate, String> day : wrong.entrySet()) {
      long rows = new LakeDay(engine, configuration.lake().root(), day.getKey()).rows();
      long documents = administration.documents(day.getKey());
      if (documents > rows) {
        return Optional.of(
            "Cannot make index %1$s again, which was not made by our template (%2$s): documents would be lost. It has %3$d, the lake at %4$s has %5$d events of that day; the query waits until the lake has as many. Run the lake query too (queries: [lake, index]; kafka.starting-offsets: earliest), which brings there what Kafka still has. What Kafka has no more is in this index alone: copy it under another name (POST /_reindex) if it is worth it, then delete the index (DELETE /%1$s)."
                .formatted(
                    name(day.getKey()),
                    day.getValue(),
                    documents,
                    configuration.lake().root(),
                    rows));
      }
    }
    return Optional.empty();
  }

  /** The name of a day's index. */
  String name(LocalDate day) {
    return new IndexLayout(configuration.index().settings().prefix()).eventsIndex(day);
  }
}
