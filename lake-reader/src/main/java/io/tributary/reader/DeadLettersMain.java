package io.tributary.reader;

import io.tributary.layout.LakeLayout;
import io.tributary.time.Timestamps;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code scripts/dead-letters}: which records did not become events, and why. */
@Command(
    name = "dead-letters",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Prints the newest dead letters of the lake, and how many there are by reason.")
public final class DeadLettersMain implements Callable<Integer> {
  private static final int SHOWN_CHARACTERS = 160;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--lake",
      required = true,
      defaultValue = "${env:TRIBUTARY_LAKE}",
      description = "Root of the lake; default $$TRIBUTARY_LAKE.")
  private String lake = "";

  @Option(names = "--reason", description = "Only letters of this reason, for example not_json.")
  private @Nullable String reason;

  @Option(
      names = "--limit",
      defaultValue = "20",
      description = "How many letters at most, newest first (default ${DEFAULT-VALUE}).")
  private int limit;

  private DeadLettersMain() {}

  /** Exit code 0 when read, 1 when the lake cannot be read, 2 for wrong options. */
  public static void main(String[] arguments) {
    System.exit(command().execute(arguments));
  }

  static CommandLine command() {
    return new CommandLine(new DeadLettersMain())
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> {
              if (failure instanceof LakeUnreadableException) {
                command.getErr().println(failure.getMessage());
                return 1;
              }
              throw failure;
            });
  }

  @Override
  public Integer call() {
    CommandSpec command = spec;
    if (command == null) {
      throw new IllegalStateException("Started outside of its command line.");
    }
    if (limit < 1) {
      throw new CommandLine.ParameterException(
          command.commandLine(), "Invalid --limit: " + limit + " (at least 1).");
    }
    try (Lake opened = Lake.open(lake)) {
      TableSnapshot snapshot = opened.table(LakeLayout.DEAD_LETTERS).snapshot();
      print(snapshot.query(snapshot.files()), command.commandLine().getOut());
    }
    return 0;
  }

  private void print(LakeQuery letters, PrintWriter out) {
    String where = reason == null ? "" : " WHERE reason = ?";
    Object[] parameters = reason == null ? new Object[0] : new Object[] {reason};
    List<String> counts =
        letters.list(
            "SELECT reason, count(*) FROM t" + where + " GROUP BY reason ORDER BY 2 DESC, 1",
            row -> String.format(Locale.ROOT, "%,9d  %s", row.getLong(2), row.getString(1)),
            parameters);
    if (counts.isEmpty()) {
      out.println(
          reason == null ? "No dead letters." : "No dead letters of reason " + reason + ".");
    } else {
      letters.each(
          "SELECT reason, detail, stage, raw, raw_length, kafka_topic, kafka_partition,"
              + " kafka_offset, epoch_us(kafka_ts), source_file, source_line, event_id FROM t"
              + where
              + " ORDER BY kafka_ts DESC NULLS LAST, kafka_partition DESC, kafka_offset DESC LIMIT "
              + limit,
          row -> letter(row).forEach(out::println),
          parameters);
      counts.forEach(out::println);
    }
    out.flush();
  }

  private static List<String> letter(ResultSet row) throws SQLException {
    List<String> lines = new ArrayList<>();
    String topic = row.getString(6);
    String place =
        topic != null
            ? "%s[%d]@%d".formatted(topic, row.getInt(7), row.getLong(8))
            : row.getString(10) + ":" + row.getLong(11);
    long micros = row.getLong(9);
    String time = row.wasNull() ? "" : Timestamps.isoMicros(micros) + "  ";
    String id = row.getString(12);
    lines.add(time + place + "  " + row.getString(1) + " (stage " + row.getString(3) + ")");
    lines.add("    " + row.getString(2));
    if (id != null) {
      lines.add("    event_id " + visible(id));
    }
    lines.add("    " + raw(row.getBytes(4), row.getLong(5)));
    return lines;
  }

  private static String raw(byte @Nullable [] raw, long length) {
    if (raw == null || raw.length == 0) {
      return length == 0 ? "(no bytes)" : "(" + length + " bytes)";
    }
    String text = visible(text(raw));
    return text.length() <= SHOWN_CHARACTERS
        ? text
        : text.substring(0, SHOWN_CHARACTERS) + String.format(Locale.ROOT, "… (%,d bytes)", length);
  }

  private static String text(byte[] raw) {
    try {
      CharBuffer text =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPLACE)
              .onUnmappableCharacter(CodingErrorAction.REPLACE)
              .decode(ByteBuffer.wrap(raw, 0, Math.min(raw.length, 4 * SHOWN_CHARACTERS)));
      return text.toString();
    } catch (CharacterCodingException e) {
      throw new IllegalStateException("A decoder that replaces refused to.", e);
    }
  }

  /** Letters come from anybody: nothing in them may move the terminal's cursor. */
  private static String visible(String text) {
    StringBuilder visible = new StringBuilder(text.length());
    text.chars()
        .forEach(
            character -> {
              if (Character.isISOControl(character)) {
                visible.append(String.format(Locale.ROOT, "\\u%04x", character));
              } else {
                visible.append((char) character);
              }
            });
    return visible.toString();
  }
}
