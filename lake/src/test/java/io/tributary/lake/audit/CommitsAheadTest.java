package io.tributary.lake.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tributary.lake.table.CommittedOffsets;
import io.tributary.lake.table.OffsetRange;
import io.tributary.lake.table.StreamCommit;
import io.tributary.lake.table.TableLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommitsAheadTest {
  private static final String TOPIC = "t";
  private static final JsonMapper JSON = new JsonMapper();

  private Path table;
  private long version;

  @BeforeEach
  void makeTable(@TempDir Path folder) throws IOException {
    table = folder;
    Files.createDirectories(folder.resolve("_delta_log"));
    write("");
  }

  private void write(String actions) throws IOException {
    Files.writeString(table.resolve("_delta_log/%020d.json".formatted(version)), actions);
    version++;
  }

  /** A batch's commit with one file, named after it. */
  private void commit(String topicId, long from, long until, String file) throws IOException {
    StreamCommit commit =
        new StreamCommit(
            "lake",
            1,
            List.of(new OffsetRange(TOPIC, 0, from, until)),
            until - from,
            until - from,
            0,
            Map.of(),
            0,
            List.of(),
            Map.of(TOPIC, topicId),
            Map.of(),
            null);
    var domain = JSON.createObjectNode();
    domain
        .putObject("domainMetadata")
        .put("domain", "tributary.lake")
        .put("configuration", commit.json())
        .put("removed", false);
    write(domain + "\n" + added(file));
  }

  private static String added(String file) {
    return "{\"add\":{\"path\":\"year=2016/%s\",\"dataChange\":true}}\n".formatted(file);
  }

  private Optional<List<OnTheirWay>> ahead(String topicId, long next) throws IOException {
    return new CommitsAhead(
            new TableLog(table.toString(), new Configuration(false)),
            CommittedOffsets.after(List.of(new OffsetRange(TOPIC, 0, next, next))),
            Map.of(TOPIC, topicId))
        .upTo(version - 1);
  }

  private static OnTheirWay from(long offset, String... files) {
    return new OnTheirWay(
        List.of(files), List.of(new OffsetRange(TOPIC, 0, offset, Long.MAX_VALUE)));
  }

  @Test
  void what_was_committed_before_the_position_of_the_index_is_judged() throws IOException {
    commit("a", 0, 10, "1");
    commit("a", 10, 20, "2");
    commit("a", 20, 30, "3");

    assertThat(ahead("a", 30)).contains(List.of());
    assertThat(ahead("a", 20)).contains(List.of(from(20, "3")));
    assertThat(ahead("a", 15)).contains(List.of(from(15, "3", "2")));
  }

  @Test
  void of_a_topic_made_again_the_rows_of_the_old_one_are_judged_at_any_offset() throws IOException {
    commit("a", 0, 100, "old");
    commit("b", 0, 0, "take-over");
    commit("b", 0, 5, "new");

    assertThat(ahead("b", 5)).contains(List.of());
    assertThat(ahead("b", 0)).contains(List.of(from(0, "new")));
  }

  @Test
  void while_the_index_query_is_at_the_old_topic_no_row_of_the_new_one_is_judged()
      throws IOException {
    commit("a", 0, 100, "old");
    commit("a", 100, 200, "late");
    commit("b", 0, 5, "new");

    assertThat(ahead("a", 100)).contains(List.of(from(0, "new"), from(100, "late")));
  }

  @Test
  void when_the_index_query_is_at_a_newer_topic_than_the_lake_all_rows_are_judged()
      throws IOException {
    commit("a", 0, 100, "old");

    assertThat(ahead("b", 3)).contains(List.of());
  }

  @Test
  void the_files_of_others_that_came_since_are_looked_at_by_offset_too() throws IOException {
    commit("a", 0, 10, "1");
    write(added("import"));

    assertThat(ahead("a", 10)).contains(List.of(from(10, "import")));
  }

  @Test
  void a_log_that_no_longer_has_the_commits_does_not_tell() throws IOException {
    commit("a", 0, 10, "1");
    commit("a", 10, 20, "2");
    Files.delete(table.resolve("_delta_log/%020d.json".formatted(1)));

    assertThat(ahead("a", 10)).isEmpty();
  }
}
