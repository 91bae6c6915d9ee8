package io.tributary.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.delta.kernel.types.BinaryType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampType;
import io.tributary.layout.LakeLayout;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeadLettersMainTest {
  static final StructType SCHEMA =
      new StructType()
          .add(LakeLayout.REASON, StringType.STRING)
          .add(LakeLayout.DETAIL, StringType.STRING)
          .add(LakeLayout.STAGE, StringType.STRING)
          .add(LakeLayout.RAW, BinaryType.BINARY)
          .add(LakeLayout.RAW_LENGTH, LongType.LONG)
          .add(LakeLayout.KAFKA_TOPIC, StringType.STRING)
          .add(LakeLayout.KAFKA_PARTITION, IntegerType.INTEGER)
          .add(LakeLayout.KAFKA_OFFSET, LongType.LONG)
          .add(LakeLayout.KAFKA_TS, TimestampType.TIMESTAMP)
          .add(LakeLayout.SOURCE_FILE, StringType.STRING)
          .add(LakeLayout.SOURCE_LINE, LongType.LONG)
          .add(LakeLayout.EVENT_ID, StringType.STRING);

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void theNewestLettersComeFirstThenTheCounts(@TempDir Path root) throws IOException {
    write(
        root,
        letter("not_json", "{oops", 1, null),
        letter("invalid_ts", "{}\u001b[2J", 2, "x"),
        letter("not_json", "y".repeat(500), 3, null));

    assertThat(run("--lake", root.toString(), "--limit", "2")).isZero();
    assertThat(out.toString().lines())
        .containsExactly(
            "1970-01-01T00:00:03.000000Z  events[0]@3  not_json (stage decode)",
            "    The detail.",
            "    " + "y".repeat(160) + "… (500 bytes)",
            "1970-01-01T00:00:02.000000Z  events[0]@2  invalid_ts (stage decode)",
            "    The detail.",
            "    event_id x",
            "    {}\\u001b[2J",
            "        2  not_json",
            "        1  invalid_ts");
  }

  @Test
  void oneReasonAloneCanBeAskedFor(@TempDir Path root) throws IOException {
    write(root, letter("not_json", "{oops", 1, null), letter("invalid_ts", "{}", 2, "x"));

    assertThat(run("--lake", root.toString(), "--reason", "invalid_ts")).isZero();
    assertThat(out.toString()).contains("@2  invalid_ts").doesNotContain("not_json");

    assertThat(run("--lake", root.toString(), "--reason", "too_deep")).isZero();
    assertThat(out.toString()).endsWith("No dead letters of reason too_deep.\n");
  }

  @Test
  void aMissingLakeAndAWrongLimitAreNamed(@TempDir Path root) {
    assertThat(run("--lake", root.toString())).isEqualTo(1);
    assertThat(err.toString()).startsWith("Cannot read table " + root + "/dead_letters: there is");

    assertThat(run("--lake", root.toString(), "--limit", "0")).isEqualTo(2);
    assertThat(err.toString()).contains("Invalid --limit: 0 (at least 1).");
  }

  private int run(String... arguments) {
    return DeadLettersMain.command()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  private static List<@Nullable Object> letter(
      String reason, String raw, int second, @Nullable String id) {
    List<@Nullable Object> letter = new ArrayList<>();
    letter.add(reason);
    letter.add("The detail.");
    letter.add("decode");
    letter.add(raw.getBytes(StandardCharsets.UTF_8));
    letter.add((long) raw.length());
    letter.add("events");
    letter.add(0);
    letter.add((long) second);
    letter.add(second * 1_000_000L);
    letter.add(null);
    letter.add(null);
    letter.add(id);
    return letter;
  }

  @SafeVarargs
  private static void write(Path root, List<@Nullable Object>... letters) throws IOException {
    PlainTable.write(root, LakeLayout.DEAD_LETTERS, SCHEMA, List.of(letters));
  }
}
