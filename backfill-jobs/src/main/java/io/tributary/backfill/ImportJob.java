package io.tributary.backfill;

import io.tributary.event.Decoded;
import io.tributary.event.EventDecoder;
import io.tributary.event.Provenance;
import io.tributary.lake.reindex.Existing;
import io.tributary.lake.reindex.Reindex;
import io.tributary.lake.sink.ImportSink;
import io.tributary.lake.sink.ImportedLine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Adds the events of files to the lake, and their documents to the index. */
record ImportJob(List<String> files) implements Job {
  private static final Logger LOG = LoggerFactory.getLogger(ImportJob.class);

  ImportJob {
    files = List.copyOf(files);
  }

  @Override
  public String name() {
    return "import";
  }

  @Override
  public Map<String, Object> arguments() {
    return Map.of("files", files);
  }

  @Override
  public Outcome plan(Workplace workplace) throws IOException {
    EventDecoder decoder = new EventDecoder(workplace.configuration().fields());
    Provenance provenance = new Provenance.Import(workplace.clock().millis(), "");
    long read = 0;
    Map<String, Long> dead = new TreeMap<>();
    for (String file : files) {
      try (FileLines lines = open(file, workplace)) {
        for (List<ImportedLine> some = lines.next(); !some.isEmpty(); some = lines.next()) {
          read += some.size();
          for (ImportedLine line : some) {
            if (decoder.decode(line.value(), provenance) instanceof Decoded.Rejected rejected) {
              dead.merge(rejected.reason().code(), 1L, Long::sum);
            }
          }
        }
      }
    }
    long rejected = dead.values().stream().mapToLong(Long::longValue).sum();
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("read", read);
    figures.put("events", read - rejected);
    figures.put("dead_letters", dead);
    return new Outcome(
        Outcome.State.DONE,
        List.of(
            "Would read %d lines: %d events, of which those that are not in the lake become rows, and %d dead letters %s. Nothing was touched."
                .formatted(read, read - rejected, rejected, dead)),
        figures);
  }

  @Override
  public Outcome run(Workplace workplace) throws IOException, StoppedException {
    long start = workplace.clock().millis();
    BackfillConfiguration configuration = workplace.configuration();
    ImportSink sink =
        ImportSink.open(
            workplace.spark(),
            workplace.lakeRoot(),
            configuration.fields(),
            configuration.lake().rememberedEvents(),
            start);
    Documents documents = new Documents(workplace);
    Sums sums = new Sums();
    for (String file : files) {
      try (FileLines lines = open(file, workplace)) {
        for (List<ImportedLine> some = lines.next(); !some.isEmpty(); some = lines.next()) {
          workplace.stopIfTold(
              "start it again with the same files: events that are in are not added again");
          ImportSink.Imported imported = sink.write(some);
          sums.add(imported);
          documents.make(imported);
          LOG.info(
              "{}: {} lines, {} rows, {} duplicates, {} dead letters so far",
              file,
              sums.read,
              sums.rows,
              sums.duplicates,
              sums.letters());
        }
      }
    }
    return outcome(start, sums, documents);
  }

  private static FileLines open(String file, Workplace workplace) throws IOException {
    return FileLines.open(file, workplace.spark().sparkContext().hadoopConfiguration());
  }

  private static Outcome outcome(long start, Sums sums, Documents documents) {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("received_millis", start);
    figures.put("read", sums.read);
    figures.put("rows", sums.rows);
    figures.put("duplicates", sums.duplicates);
    figures.put("dead_letters", sums.dead);
    figures.put("documents", documents.made);
    figures.put("documents_refused", documents.refused);
    List<String> lines = new ArrayList<>();
    lines.add(
        "Read %d lines: %d rows, %d duplicates, %d dead letters %s; %d documents."
            .formatted(
                sums.read, sums.rows, sums.duplicates, sums.letters(), sums.dead, documents.made));
    if (documents.problem != null) {
      figures.put("index_problem", documents.problem);
      lines.add(
          "The rows are in the lake, but not all documents are in the index (%s). Run audit --repair when Elasticsearch is well."
              .formatted(documents.problem));
    }
    return new Outcome(
        documents.problem == null ? Outcome.State.DONE : Outcome.State.DIFFERENCES, lines, figures);
  }

  /** The accounting of all parts. */
  private static final class Sums {
    private long read;
    private long rows;
    private long duplicates;
    private final Map<String, Long> dead = new TreeMap<>();

    void add(ImportSink.Imported imported) {
      read += imported.read();
      rows += imported.rows();
      duplicates += imported.duplicates();
      imported.deadLetters().forEach((reason, count) -> dead.merge(reason, count, Long::sum));
    }

    long letters() {
      return dead.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  /** Makes the documents of rows; an index that is away does not keep the lake from growing. */
  private static final class Documents {
    private final Workplace workplace;
    private long made;
    private long refused;
    private @Nullable String problem;

    Documents(Workplace workplace) {
      this.workplace = workplace;
      try {
        workplace.installTemplates();
      } catch (IOException e) {
        problem = e.toString();
      }
    }

    void make(ImportSink.Imported imported) throws IOException {
      if (problem != null || imported.files().isEmpty()) {
        return;
      }
      try {
        Reindex.Reindexed done =
            workplace
                .reindex()
                .write(
                    workplace.spark().read().parquet(imported.files().toArray(String[]::new)),
                    Existing.KEPT);
        workplace.keep(done.refused());
        made += imported.rows() - done.refused().size();
        refused += done.refused().size();
      } catch (Exception e) {
        // Any, because Scala throws what it does not declare.
        if (workplace.stopping().get()) {
          throw e;
        }
        LOG.warn("Cannot make documents of the imported rows: {}", e.toString());
        problem = e.toString().lines().findFirst().orElse("");
      }
    }
  }
}
