package io.tributary.reader;

import static io.tributary.reader.EventTable.event;
import static io.tributary.reader.EventTable.micros;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.layout.LakeLayout;
import io.tributary.time.TimeRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableSnapshotTest {
  private String root = "";
  private Lake lake = Lake.open("");

  @BeforeEach
  void openLake(@TempDir Path folder) {
    lake.close();
    // A path as people have them: with a blank, a letter beyond ASCII and what patterns are made
    // of.
    root = folder.resolve("my läke [1] *?").toString();
    lake = Lake.open(root);
  }

  @AfterEach
  void closeLake() {
    lake.close();
  }

  @Test
  void aRangeReadsOnlyTheFilesItTouches() {
    EventTable table = EventTable.create(root);
    table.append(
        event("a", "view", "2016-05-31T23:59:59Z"),
        event("b", "view", "2016-06-01T00:00:00Z"),
        event("c", "view", "2016-06-01T01:30:00Z"),
        event("d", "view", "2016-06-30T12:00:00Z"),
        event("e", "view", "2017-01-01T00:00:00Z"));
    TableSnapshot snapshot = snapshot();

    assertThat(snapshot.files()).hasSize(5);
    assertThat(hours(snapshot, "2016-06-01T00:00:00Z", "2016-06-01T01:00:00Z"))
        .containsExactly("2016-6-1-0");
    assertThat(hours(snapshot, "2016-05-31T23:59:59Z", "2016-06-01T00:00:00.000001Z"))
        .containsExactlyInAnyOrder("2016-5-31-23", "2016-6-1-0");
    assertThat(hours(snapshot, "2016-06-01T01:00:00Z", "2016-12-31T23:59:59Z"))
        .containsExactlyInAnyOrder("2016-6-1-1", "2016-6-30-12");
    assertThat(hours(snapshot, "1970-01-01T00:00:00Z", "2100-01-01T00:00:00Z")).hasSize(5);
    assertThat(hours(snapshot, "2016-07-01T00:00:00Z", "2016-12-01T00:00:00Z")).isEmpty();
  }

  @Test
  void insideAnHourTheNotedTimesPrune() {
    EventTable table = EventTable.create(root);
    table.append(event("a", "view", "2016-06-01T01:10:00Z"));
    table.append(event("b", "view", "2016-06-01T01:20:00.000999Z"));
    table.append(event("c", "view", "2016-06-01T01:30:00Z"));
    TableSnapshot snapshot = snapshot();

    assertThat(hours(snapshot, "2016-06-01T01:15:00Z", "2016-06-01T01:25:00Z")).hasSize(1);
    // Noted times are cut to the millisecond: the border must not lose the row.
    assertThat(hours(snapshot, "2016-06-01T01:20:00.000999Z", "2016-06-01T01:21:00Z")).hasSize(1);
  }

  @Test
  void anIdIsSoughtOnlyWhereItCanBe() {
    EventTable table = EventTable.create(root);
    table.append(event("a", "view", "2016-06-01T01:10:00Z"));
    table.append(
        event("m", "view", "2016-06-01T01:20:00Z"), event("z", "view", "2016-06-01T01:21:00Z"));

    assertThat(snapshot().filesWith(LakeLayout.EVENT_ID, "a")).hasSize(1);
    assertThat(snapshot().filesWith(LakeLayout.EVENT_ID, "p")).hasSize(1);
    assertThat(snapshot().filesWith(LakeLayout.EVENT_ID, "zz")).isEmpty();
  }

  @Test
  void filesTellTheirRowsAndPartition() {
    EventTable.create(root)
        .append(
            event("a", "view", "2016-06-01T01:10:00Z"), event("b", "view", "2016-06-01T01:11:00Z"));

    assertThat(snapshot().files())
        .singleElement()
        .satisfies(
            file -> {
              assertThat(file.numRecords()).isEqualTo(2);
              assertThat(file.partitionValues())
                  .containsExactly(
                      Map.entry("year", "2016"),
                      Map.entry("month", "6"),
                      Map.entry("day", "1"),
                      Map.entry("hour", "1"));
              assertThat(file.sizeBytes()).isPositive();
            });
  }

  @Test
  void aSnapshotStaysAsItWasWhileNewCommitsArrive() {
    EventTable table = EventTable.create(root);
    table.append(event("a", "view", "2016-06-01T01:10:00Z"));
    TableSnapshot before = snapshot();
    table.append(event("b", "view", "2016-06-01T01:11:00Z"));
    TableSnapshot after = snapshot();

    assertThat(ids(before)).containsExactly("a");
    assertThat(ids(after)).containsExactly("a", "b");
    assertThat(after.version()).isEqualTo(before.version() + 1);
    assertThat(ids(lake.table(LakeLayout.EVENTS).snapshotAt(before.version())))
        .containsExactly("a");
  }

  @Test
  void sqlSeesPartitionColumnsWithTheirTypes() {
    EventTable.create(root)
        .append(
            event("a", "view", "2016-06-01T01:10:00Z"), event("b", "view", "2016-06-02T03:10:00Z"));
    TableSnapshot snapshot = snapshot();

    assertThat(
            snapshot
                .query(snapshot.files())
                .list(
                    "SELECT event_id, year * 1000000 + month * 10000 + day * 100 + hour FROM t"
                        + " WHERE day = 2 ORDER BY 1",
                    row -> row.getString(1) + " " + row.getLong(2)))
        .containsExactly("b 2016060203");
  }

  @Test
  void brokenSqlIsTheCallersFault() {
    EventTable.create(root);
    TableSnapshot snapshot = snapshot();

    assertThatThrownBy(() -> snapshot.query(snapshot.files()).number("SELECT nothing FROM t"))
        .isInstanceOf(LakeUnreadableException.class)
        .hasMessageStartingWith("Cannot query table " + root + "/events: ")
        .hasMessageEndingWith("The statement was: SELECT nothing FROM t")
        .extracting("kind")
        .isEqualTo(LakeUnreadableException.Kind.USER);
  }

  @Test
  void aFileThatWasRemovedMeanwhileMeansAskAgain() throws IOException {
    EventTable table = EventTable.create(root);
    table.append(event("a", "view", "2016-06-01T01:10:00Z"));
    TableSnapshot snapshot = snapshot();
    try (var files = Files.walk(Path.of(table.path()))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".parquet")).toList()) {
        Files.delete(file);
      }
    }

    assertThatThrownBy(() -> ids(snapshot))
        .isInstanceOf(LakeUnreadableException.class)
        .hasMessageEndingWith(
            "A file of this version was removed meanwhile: ask again, of a newer version.")
        .extracting("kind")
        .isEqualTo(LakeUnreadableException.Kind.TRANSIENT);
  }

  @Test
  void aDeletionVectorIsRefusedNotIgnored() {
    EventTable table = EventTable.create(root);
    long version = table.append(event("a", "view", "2016-06-01T01:10:00Z"));
    ObjectNode add = table.line("add", version);
    ((ObjectNode) add.get("add"))
        .putObject("deletionVector")
        .put("storageType", "u")
        .put("pathOrInlineDv", "ab^-aqEH.-t@S}K{vb[*k^")
        .put("offset", 4)
        .put("sizeInBytes", 40)
        .put("cardinality", 6);
    ObjectNode protocol = table.line("protocol", 0);
    ObjectNode features = (ObjectNode) protocol.get("protocol");
    features.put("minReaderVersion", 3).put("minWriterVersion", 7);
    features.putArray("readerFeatures").add("deletionVectors");
    features.putArray("writerFeatures").add("deletionVectors");
    table.commitLines(protocol.toString(), add.toString());

    TableSnapshot snapshot = snapshot();
    assertThatThrownBy(snapshot::files)
        .isInstanceOf(LakeUnreadableException.class)
        .hasMessageContaining("has a deletion vector, which this reader does not apply");
  }

  @Test
  void theNewestCommitsComeFirstWithTheirOwnWords() {
    EventTable table = EventTable.create(root);
    table.append(event("a", "view", "2016-06-01T01:10:00Z"));
    table.commitLines(
        "{\"commitInfo\":{\"timestamp\":5,\"operation\":\"STREAMING UPDATE\"}}",
        EventTable.streamLine("lake", "{\"batch\":7}"));

    assertThat(lake.table(LakeLayout.EVENTS).newestCommits(2))
        .satisfiesExactly(
            newest ->
                assertThat(newest)
                    .isEqualTo(
                        new Commit(
                            2, 5, "STREAMING UPDATE", Map.of("tributary.lake", "{\"batch\":7}"))),
            older -> {
              assertThat(older.version()).isEqualTo(1);
              assertThat(older.operation()).isEqualTo("WRITE");
              assertThat(older.domains()).isEmpty();
            });
    assertThat(lake.table(LakeLayout.EVENTS).newestCommits(100)).hasSize(3);
  }

  @Test
  void theStreamsNewestWordsStayThoughOthersCommitAfterIt() {
    EventTable table = EventTable.create(root);
    assertThat(snapshot().newestCommitOf("lake")).isEmpty();
    table.commitLines(EventTable.streamLine("lake", "{\"batch\":7}"));
    table.append(event("a", "view", "2016-06-01T01:10:00Z"));

    assertThat(snapshot().newestCommitOf("lake")).contains("{\"batch\":7}");
    assertThat(snapshot().newestCommitOf("index")).isEmpty();
  }

  @Test
  void everyFileKnowsTheCommitThatAddedIt() {
    EventTable table = EventTable.create(root);
    List<Long> versions =
        List.of(
            table.append(event("a", "view", "2016-06-01T01:10:00Z")),
            table.append(event("b", "view", "2016-06-01T01:11:00Z")),
            table.append(event("c", "view", "2016-06-02T01:11:00Z")));
    LakeTable opened = lake.table(LakeLayout.EVENTS);

    assertThat(snapshot().files())
        .extracting(file -> opened.commitThatAdded(file).orElseThrow().version())
        .containsExactlyInAnyOrderElementsOf(versions);

    DataFile first = snapshot().filesWith(LakeLayout.EVENT_ID, "a").get(0);
    DataFile wrongClock =
        new DataFile(first.path(), first.partitionValues(), first.sizeBytes(), 1L, Long.MAX_VALUE);
    assertThat(opened.commitThatAdded(wrongClock).orElseThrow().version())
        .isEqualTo(versions.get(0));
    assertThat(
            opened.commitThatAdded(
                new DataFile(root + "/events/none.parquet", Map.of(), 1, null, 0)))
        .isEmpty();
  }

  private TableSnapshot snapshot() {
    return lake.table(LakeLayout.EVENTS).snapshot();
  }

  private static List<String> ids(TableSnapshot snapshot) {
    return snapshot
        .query(snapshot.files())
        .list("SELECT event_id FROM t ORDER BY 1", row -> row.getString(1));
  }

  private static List<String> hours(TableSnapshot snapshot, String start, String end) {
    return snapshot.files(new TimeRange(micros(start), micros(end))).stream()
        .map(file -> String.join("-", file.partitionValues().values()))
        .toList();
  }
}
