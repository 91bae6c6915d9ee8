package io.tributary.docs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code docs/configuration.md}, made from the reference files. */
final class ConfigurationPage {
  private static final String HEAD =
      """
      # Configuration

      <!-- Generated from conf/*-reference.yml by scripts/docs. Change those files, then run it. -->

      Each program reads one YAML file. The shipped ones in `conf/` hold only what differs from the
      defaults; the `*-reference.yml` beside them hold every key with its default and its meaning,
      and this page is made of them. A key that does not exist, a value of the wrong type and a
      broken rule stop the program at its start, all named at once, with exit code 2.

      `${NAME:-default}` in a file takes the environment variable NAME, or the default when it is not
      set. A key below with a variable takes it in the shipped files.

      ## Environment

      | Variable | Sets | Default |
      |---|---|---|
      | `TRIBUTARY_HOME` | where the scripts keep data and logs | `.tributary` in the checkout |
      """;

  private static final List<Variable> OF_SCRIPTS =
      List.of(
          new Variable(
              "TRIBUTARY_STREAMING_JVM",
              "JVM options of `scripts/streaming-aggregator`",
              "`-Xmx2g`"),
          new Variable(
              "TRIBUTARY_BACKFILL_JVM", "JVM options of `scripts/backfill-jobs`", "`-Xmx2g`"),
          new Variable("TRIBUTARY_API_JVM", "JVM options of `scripts/api`", "`-Xmx512m`"),
          new Variable(
              "SPARK_HOME",
              "a Spark 4.2 installation for `scripts/submit`",
              "none: the jars of the build"));

  private static final Map<String, String> SCRIPT_DEFAULTS =
      Map.of(
          "TRIBUTARY_LAKE", "`lake` in TRIBUTARY_HOME",
          "TRIBUTARY_CHECKPOINTS", "`checkpoints` in TRIBUTARY_HOME");

  private record Variable(String name, String sets, String defaultValue) {}

  private record Program(String title, String name, String file) {}

  private static final List<Program> PROGRAMS =
      List.of(
          new Program("The streaming job", "job", "streaming-aggregator-reference.yml"),
          new Program("The batch jobs", "batch jobs", "backfill-jobs-reference.yml"),
          new Program("The API", "API", "api-reference.yml"));

  private ConfigurationPage() {}

  /** The page's text. */
  static String of(Path checkout) throws IOException {
    StringBuilder tables = new StringBuilder();
    Map<String, StringBuilder> sets = new TreeMap<>();
    Map<String, String> defaults = new TreeMap<>();
    for (Program program : PROGRAMS) {
      ReferenceFile file = ReferenceFile.read(checkout.resolve("conf").resolve(program.file));
      tables.append(table(program, file));
      for (Setting setting : file.settings()) {
        String variable = setting.variable();
        if (variable != null) {
          StringBuilder text = sets.computeIfAbsent(variable, name -> new StringBuilder());
          text.append(text.isEmpty() ? "" : ", ")
              .append("`%s` of the %s".formatted(setting.key(), program.name));
          defaults.putIfAbsent(variable, code(setting.defaultValue()));
        }
      }
    }
    StringBuilder page = new StringBuilder(HEAD);
    sets.forEach(
        (variable, text) ->
            row(
                page,
                "`" + variable + "`",
                text.toString(),
                SCRIPT_DEFAULTS.getOrDefault(variable, defaults.getOrDefault(variable, ""))));
    OF_SCRIPTS.forEach(
        variable -> row(page, "`" + variable.name + "`", variable.sets, variable.defaultValue));
    return page.append(tables).toString();
  }

  private static StringBuilder table(Program program, ReferenceFile file) {
    StringBuilder text = new StringBuilder();
    text.append("\n## ").append(program.title).append("\n\n");
    text.append("Reference: [`conf/%s`](../conf/%s). ".formatted(program.file, program.file));
    text.append(oneLine(file.introduction())).append("\n\n");
    text.append("| Key | Default | Variable | Meaning |\n|---|---|---|---|\n");
    for (Setting setting : file.settings()) {
      if (!setting.isSection() || !setting.meaning().isEmpty()) {
        String variable = setting.variable();
        row(
            text,
            "`" + setting.key() + "`",
            code(setting.defaultValue()),
            variable == null ? "" : "`" + variable + "`",
            oneLine(setting.meaning()));
      }
    }
    return text;
  }

  private static void row(StringBuilder text, String... cells) {
    text.append("| ");
    text.append(
        List.of(cells).stream()
            .map(cell -> cell.replace("|", "\\|"))
            .collect(Collectors.joining(" | ")));
    text.append(" |\n");
  }

  private static String code(@Nullable String value) {
    return value == null ? "" : "`" + value + "`";
  }

  /** Examples, which are list items in a comment, stand as code on lines of their own. */
  private static String oneLine(String comment) {
    return comment
        .lines()
        .map(String::strip)
        .map(line -> line.startsWith("- ") ? "<br>`" + line + "`<br>" : line)
        .collect(Collectors.joining(" "))
        .replace("<br> <br>", "<br>")
        .replaceAll(" ?<br> ?", "<br>")
        .replaceAll("(<br>)+$", "")
        .strip();
  }
}
