package io.tributary.backfill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tributary.event.TypedField;
import io.tributary.lake.config.ConfigurationException;
import io.tributary.lake.index.IndexAdministration;
import io.tributary.lake.index.IndexPosition;
import io.tributary.lake.index.IndexSink;
import io.tributary.lake.index.Owed;
import io.tributary.lake.reindex.IndexLetters;
import io.tributary.lake.session.SparkSessions;
import io.tributary.lake.sink.LakeSink;
import io.tributary.lake.table.Gap;
import io.tributary.lake.table.LakeEngine;
import io.tributary.lake.table.LostRange;
import io.tributary.lake.table.OffsetRange;
import io.tributary.lake.table.Writer;
import io.tributary.layout.LakeLayout;
import io.tributary.stack.SharedLocalStack;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.TestInfo;
import picocli.CommandLine;

/** A lake and its indices, filled as the stream fills them, and the program run on both. */
final class TestPlace {
  static final String TOPIC = "events";

  /** 2016-06-20, some days after the events of the tests. */
  static final long RECEIVED_MILLIS = 1_466_380_800_000L;

  private static final JsonMapper JSON = new JsonMapper();
  private static final Map<String, String> SMALL_SPARK =
      Map.of(
          "spark.master", "local[2]",
          "spark.sql.shuffle.partitions", "1",
          "spark.databricks.delta.snapshotPartitions", "1",
          "spark.sql.codegen.wholeStage", "false",
          "spark.sql.codegen.factoryMode", "NO_CODEGEN",
          "spark.ui.showConsoleProgress", "false");

  private static final StructType RECORDS =
      new StructType()
          .add("value", DataTypes.BinaryType)
          .add("topic", DataTypes.StringType)
          .add("partition", DataTypes.IntegerType)
          .add("offset", DataTypes.LongType)
          .add("timestamp", DataTypes.TimestampType);

  private static final int LONGEST_NAME = 40;

  private final Path folder;
  private final String elasticsearch;
  private final String name;
  private long nextOffset;
  private List<TypedField> fields = List.of();
  private Map<String, String> topicIds = Map.of();

  /** On the node that all share, under the name of the test. */
  static TestPlace of(Path folder, TestInfo test) {
    String name = test.getTestMethod().orElseThrow().getName().replace('_', '-');
    return new TestPlace(
        folder,
        SharedLocalStack.running().elasticsearch(),
        name.substring(0, Math.min(LONGEST_NAME, name.length())));
  }

  TestPlace(Path folder, String elasticsearch, String name) {
    this.folder = folder;
    this.elasticsearch = elasticsearch;
    this.name = name;
  }

  /** The same lake, while Elasticsearch is away. */
  TestPlace away() {
    return new TestPlace(folder, "http://127.0.0.1:9", name);
  }

  static SparkSession spark() {
    return SparkSessions.start("tests", SMALL_SPARK);
  }

  TestIndex index() {
    return new TestIndex(elasticsearch, name + "-");
  }

  String lakeRoot() {
    return "file://" + folder.resolve("lake");
  }

  /** A configuration file for this place. */
  Path file(String more) {
    String text =
        """
        lake: {root: "%s", scratch: "%s"}
        index: {elasticsearch: "%s", prefix: %s-}
        spark:
        %s
        %s
        """
            .formatted(
                folder.resolve("lake"),
                folder.resolve("scratch"),
                elasticsearch,
                name,
                SMALL_SPARK.entrySet().stream()
                    .map(option -> "  %s: \"%s\"".formatted(option.getKey(), option.getValue()))
                    .collect(Collectors.joining("\n")),
                more);
    try {
      return Files.writeString(folder.resolve("backfill.yml"), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  BackfillConfiguration configuration() {
    try {
      return BackfillConfiguration.reader(Map.of()).read(file(""));
    } catch (ConfigurationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Has both queries deal with records, of partition 0 in their order. */
  void stream(List<String> values) {
    Dataset<Row> records = streamToLake(values);
    streamToIndex(records);
  }

  /** Has the lake query alone deal with records. */
  Dataset<Row> streamToLake(List<String> values) {
    List<Row> rows = new ArrayList<>();
    long from = nextOffset;
    for (String value : values) {
      rows.add(
          RowFactory.create(
              value.getBytes(StandardCharsets.UTF_8),
              TOPIC,
              0,
              nextOffset,
              new Timestamp(RECEIVED_MILLIS + nextOffset)));
      nextOffset++;
    }
    Dataset<Row> records = spark().createDataFrame(rows, RECORDS);
    try (LakeSink sink = LakeSink.open(spark(), lakeRoot(), fields, 1_000_000, 100)) {
      sink.write(
          records,
          0,
          List.of(new OffsetRange(TOPIC, 0, from, nextOffset)),
          LakeSink.ReadCheck.NONE);
    }
    return records;
  }

  /** Has the index query alone deal with records. */
  void streamToIndex(Dataset<Row> records) {
    BackfillConfiguration configuration = configuration();
    try (IndexAdministration administration =
        new IndexAdministration(configuration.index().settings())) {
      administration.install(fields, List.of());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    IndexSink sink =
        new IndexSink(
            spark(),
            configuration.index().settings(),
            fields,
            configuration.lake().scratch() + "/rejections");
    new IndexLetters(
            spark(), LakeEngine.create(spark().sparkContext().hadoopConfiguration()), lakeRoot())
        .add(sink.write(records, 0).refused());
  }

  /** Has both queries make typed fields from here on. */
  void typed(List<TypedField> configured) {
    fields = List.copyOf(configured);
  }

  /** Has the lake query start on a topic of which nothing is read: the first, or one made again. */
  void topicIsMade(String id) {
    LostRange old =
        new LostRange(
            TOPIC, 0, nextOffset, nextOffset, LostRange.Reason.TOPIC_RECREATED, "made again");
    topicIds = Map.of(TOPIC, id);
    try (LakeSink sink = LakeSink.open(spark(), lakeRoot(), fields, 1_000_000, 100)) {
      sink.takeOver(
          Writer.ofThisProcess(Clock.systemUTC()),
          nextOffset == 0 ? List.of() : List.of(new Gap(old, 0)),
          List.of(),
          topicIds);
    }
    nextOffset = 0;
  }

  /** Says where the index query stands, as it does itself. */
  void indexDone(long next) {
    indexDone(next, List.of());
  }

  /** The same with what it owes. */
  void indexDone(long next, List<Owed> owed) {
    index()
        .send(
            "PUT",
            "tributary-status/_doc/index-position?refresh=true",
            new IndexPosition(List.of(new OffsetRange(TOPIC, 0, next, next)), topicIds, owed)
                .json());
  }

  /** Values of a table, one text a row, sorted. */
  List<String> texts(String table, String expression) {
    if (!Files.exists(folder.resolve("lake").resolve(table))) {
      return List.of();
    }
    return spark()
        .read()
        .format("delta")
        .load(LakeLayout.table(lakeRoot(), table))
        .selectExpr("cast(" + expression + " as string)")
        .collectAsList()
        .stream()
        .map(row -> row.getString(0))
        .sorted()
        .toList();
  }

  /** Every value of every table but the ledger, to see whether anything has changed. */
  List<String> everything() {
    List<String> all = new ArrayList<>();
    for (String table :
        List.of(LakeLayout.EVENTS, LakeLayout.DUPLICATES, LakeLayout.DEAD_LETTERS)) {
      texts(table, "to_json(struct(*))").forEach(row -> all.add(table + " " + row));
    }
    return all;
  }

  /** Runs the program. */
  Run run(String... arguments) {
    return runWith("", arguments);
  }

  /** Runs the program with more YAML in its configuration. */
  Run runWith(String more, String... arguments) {
    Path report = folder.resolve("report-%d.json".formatted(System.nanoTime()));
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--config", file(more).toString(), "--report", report.toString()));
    StringWriter out = new StringWriter();
    CommandLine program = BackfillJobs.commandLine();
    program.setOut(new PrintWriter(out, true));
    program.setErr(new PrintWriter(out, true));
    int code = program.execute(all.toArray(String[]::new));
    try {
      return new Run(
          code,
          out.toString(),
          Files.exists(report)
              ? JSON.readTree(report.toFile())
              : JSON.getNodeFactory().missingNode());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a run of the program gave. */
  record Run(int code, String output, JsonNode report) {
    /** {@code kind id} of every difference, sorted. */
    List<String> differences() {
      List<String> differences = new ArrayList<>();
      report
          .path("result")
          .path("findings")
          .forEach(
              finding ->
                  finding
                      .path("differences")
                      .forEach(
                          difference ->
                              differences.add(
                                  difference.path("kind").asText()
                                      + " "
                                      + difference.path("event_id").asText())));
      differences.sort(null);
      return differences;
    }
  }
}
