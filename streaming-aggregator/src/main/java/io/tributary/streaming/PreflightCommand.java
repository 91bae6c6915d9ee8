package io.tributary.streaming;

import com.google.common.base.Throwables;
import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.TableNotFoundException;
import io.delta.kernel.types.StructType;
import io.tributary.event.TypedField;
import io.tributary.lake.config.ConfigurationException;
import io.tributary.lake.index.IndexAdministration;
import io.tributary.lake.index.IndexPosition;
import io.tributary.lake.index.Owed;
import io.tributary.lake.index.StoredDocument;
import io.tributary.lake.table.CommittedOffsets;
import io.tributary.lake.table.Gap;
import io.tributary.lake.table.LakeEngine;
import io.tributary.lake.table.LakeTable;
import io.tributary.lake.table.LakeTableException;
import io.tributary.lake.table.OffsetRange;
import io.tributary.lake.table.StreamCommit;
import io.tributary.lake.table.StreamPosition;
import io.tributary.lake.table.StreamTable;
import io.tributary.lake.table.TableLayouts;
import io.tributary.layout.LakeLayout;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Says what a start of this build with this configuration would do to the lake and the index that
 * are there, and does nothing: to be asked while the old job still runs.
 */
@Command(
    name = "preflight",
    mixinStandardHelpOptions = true,
    description =
        "Says what a start with this configuration would do, and changes nothing. Exit code 0 when it would run, 1 when it would not.")
final class PreflightCommand implements Callable<Integer> {
  @Option(names = "--config", paramLabel = "FILE", description = "The job's configuration.")
  private @Nullable Path config;

  private final PrintStream out;
  private final Engine engine = LakeEngine.create(new Configuration());
  private boolean wouldRun = true;

  /** Made by picocli, which sets the options. */
  PreflightCommand() {
    this(null);
  }

  /** Says it on standard output. */
  PreflightCommand(@Nullable Path config) {
    this(config, new PrintStream(System.out, true, StandardCharsets.UTF_8));
  }

  /**
   * @param config null for what is shipped
   */
  PreflightCommand(@Nullable Path config, PrintStream out) {
    this.config = config;
    this.out = out;
  }

  @Override
  public Integer call() throws InterruptedException {
    CommandLog.keepToOwnSentences();
    StreamingConfiguration configuration;
    try {
      configuration = StreamingAggregator.configuration(config, null);
    } catch (ConfigurationException e) {
      out.println(e.getMessage());
      return StreamingAggregator.USAGE;
    }
    Optional<StreamCommit> lake = lake(configuration);
    tables(configuration);
    Optional<Holdings> kafka = kafka(configuration, lake);
    if (kafka.isPresent()) {
      position(configuration, lake, kafka.get());
      index(configuration, lake, kafka.get());
    }
    out.println(wouldRun ? "A start would run." : "A start would NOT run; see above.");
    return wouldRun ? StreamingAggregator.DONE : StreamingAggregator.FAILED;
  }

  private Optional<StreamCommit> lake(StreamingConfiguration configuration) {
    String root = configuration.lake().root();
    Optional<StreamCommit> newest = StreamTable.newestOfLake(engine, root);
    if (newest.isEmpty()) {
      out.printf(
          "lake %s: nothing is committed; tables would be made, reading begins at the %s offsets%n",
          root, configuration.kafka().startingOffsets().name().toLowerCase(Locale.ROOT));
    } else if (newest.get().writer() == null) {
      out.printf("lake %s: no job has named itself there%n", root);
    } else {
      out.printf(
          "lake %s: last written by %s; a start takes it over, and that job, if it runs, stops at its next batch%n",
          root, newest.get().writer());
    }
    return newest;
  }

  private void tables(StreamingConfiguration configuration) {
    String path = LakeLayout.table(configuration.lake().root(), LakeLayout.EVENTS);
    try {
      Snapshot events = TableManager.loadSnapshot(path).build(engine);
      StructType columns = events.getSchema();
      List<TypedField> added =
          configuration.fields().stream()
              .filter(field -> columns.indexOf(field.name()) < 0)
              .toList();
      added.forEach(
          field ->
              out.printf(
                  "events: column %s (%s) would be added; rows before have null there%n",
                  field.name(), field.type().code()));
      LakeTable.verify(
          events,
          TableLayouts.events(
              configuration.fields().stream().filter(field -> !added.contains(field)).toList()),
          path);
      out.printf("events: version %d, fits the configuration%n", events.getVersion());
    } catch (TableNotFoundException e) {
      out.printf("events: would be made at %s%n", path);
    } catch (LakeTableException e) {
      refuse(String.valueOf(e.getMessage()));
    }
  }

  private Optional<Holdings> kafka(
      StreamingConfiguration configuration, Optional<StreamCommit> lake)
      throws InterruptedException {
    try (KafkaTopics topics = new KafkaTopics(configuration.kafka())) {
      List<String> missing = topics.missing();
      CommittedOffsets read = StreamPosition.after(lake).committed();
      for (String topic : missing) {
        out.printf("kafka: topic %s is missing and would be made%n", topic);
        if (read.byTopic().containsKey(topic)) {
          out.printf(
              "lake query: LOST: topic %s was deleted; what was not read of it is gone%n", topic);
          refuseIfToldToStop(configuration);
        }
      }
      return missing.isEmpty() ? Optional.of(topics.holdings()) : Optional.empty();
    } catch (UnavailableException e) {
      out.printf("kafka: %s A start would wait for it.%n", e.getMessage());
      return Optional.empty();
    } catch (KafkaException e) {
      refuse(
          "kafka: No client for Kafka at %s can be made (%s). Check kafka.bootstrap-servers and kafka.options."
              .formatted(
                  configuration.kafka().bootstrapServers(),
                  Throwables.getRootCause(e).getMessage()));
      return Optional.empty();
    }
  }

  private void refuseIfToldToStop(StreamingConfiguration configuration) {
    if (configuration.kafka().onGap() == StreamingConfiguration.Kafka.OnGap.STOP) {
      refuse("kafka.on-gap is stop, and records are lost");
    }
  }

  private void position(
      StreamingConfiguration configuration, Optional<StreamCommit> lake, Holdings kafka) {
    if (!configuration.runs(StreamingConfiguration.LAKE_QUERY) || lake.isEmpty()) {
      return;
    }
    StreamPosition position = StreamPosition.after(lake);
    long behind =
        new KafkaTopics.Ends(kafka.ends(), kafka.topicIds())
            .after(position.committed().byTopic()).stream().mapToLong(OffsetRange::size).sum();
    out.printf("lake query: would go on at %s, %d records behind%n", position.committed(), behind);
    List<Gap> gaps = kafka.gaps(position.committed(), position.topicIds(), Map.of());
    gaps.forEach(gap -> out.printf("lake query: LOST: %s%n", gap.lost().detail()));
    if (!gaps.isEmpty()) {
      refuseIfToldToStop(configuration);
    }
  }

  private void index(
      StreamingConfiguration configuration, Optional<StreamCommit> lake, Holdings kafka) {
    if (!configuration.runs(StreamingConfiguration.INDEX_QUERY)) {
      return;
    }
    try (IndexAdministration administration =
        new IndexAdministration(configuration.index().settings())) {
      Optional<StoredDocument> stored = administration.status().document(IndexPosition.DOCUMENT_ID);
      Optional<IndexPosition> position =
          stored.isEmpty()
              ? Optional.empty()
              : Optional.of(IndexPosition.fromJson(stored.get().source().toString()));
      Map<LocalDate, String> wrong = administration.daysMadeWithoutTemplate(configuration.fields());
      IndexOutlook outlook = new IndexOutlook(configuration, engine, administration);
      Optional<String> refusal = outlook.refusal(wrong);
      if (refusal.isPresent()) {
        out.printf("index query: %s%n", refusal.get());
        return;
      }
      wrong.forEach(
          (day, why) ->
              out.printf(
                  "index query: index %s was not made by our template (%s); it would be deleted and filled from the lake%n",
                  outlook.name(day), why));
      IndexPosition begin =
          outlook.begin(
              position, kafka, StreamPosition.after(lake), wrong, Clock.systemUTC().instant());
      out.printf("index query: would go on at %s%n", begin.committed());
      begin.owed().stream()
          .map(Owed::describe)
          .forEach(owed -> out.printf("index query: would fill from the lake: %s%n", owed));
    } catch (IOException e) {
      out.printf(
          "index query: Elasticsearch at %s does not answer as it should (%s). A start would wait for it; the lake query would run.%n",
          configuration.index().elasticsearch(), e.getMessage());
    }
  }

  private void refuse(String why) {
    wouldRun = false;
    out.println(why);
  }
}
