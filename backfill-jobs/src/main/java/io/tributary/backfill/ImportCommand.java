package io.tributary.backfill;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Adds the events of files. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description =
        "Adds events from files of one JSON object a line (NDJSON, .gz too) to the lake and the"
            + " index, beside a running stream or without. What is there already is recorded as a"
            + " duplicate; what is no event becomes a dead letter that names file and line.")
final class ImportCommand extends JobCommand {
  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "Files, or URIs of a Hadoop file system (file:, s3a:, hdfs:).")
  private List<String> files = new ArrayList<>();

  @Override
  Job job() {
    return new ImportJob(files.stream().map(this::uri).toList());
  }

  private String uri(String file) {
    if (URI.create(file.replace(" ", "%20")).getScheme() != null) {
      return file;
    }
    Path path = Path.of(file).toAbsolutePath().normalize();
    if (!Files.isReadable(path)) {
      throw mistake(
          "Cannot read %s: there is no such file. Name a file that is there.".formatted(file));
    }
    return "file://" + path;
  }
}
