package io.tributary.drill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The commits of a table on this machine, read as the plain files they are. */
final class TableLog {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String DOMAIN = "tributary.lake";

  private final Path folder;
  private long told = -1;

  /**
   * @param table the folder of the table
   */
  TableLog(Path table) {
    this.folder = table.resolve("_delta_log");
  }

  /**
   * What a commit of the stream says of itself.
   *
   * @param ranges those that the batch spanned, without the empty ones
   * @param accounting the whole of its metadata
   */
  record Batch(long version, List<Range> ranges, JsonNode accounting) {
    /** The id of the one topic that it is of; empty when the commit names none. */
    String topicId() {
      JsonNode ids = accounting.path("topic_ids");
      return ids.isEmpty() ? "" : ids.elements().next().asText();
    }

    /** What was gone before it was read, also the empty ranges. */
    List<Range> lost() {
      List<Range> lost = new ArrayList<>();
      accounting.path("lost").forEach(range -> lost.add(range(range)));
      return lost;
    }
  }

  /** Offsets of a partition, {@code from} included, {@code until} not. */
  record Range(String topic, int partition, long from, long until) {}

  /** The files of all commits with a hash of what is in them, by version. */
  Map<Long, String> contents() throws IOException {
    Map<Long, String> hashes = new TreeMap<>();
    for (Map.Entry<Long, Path> commit : commits().entrySet()) {
      hashes.put(commit.getKey(), hash(Files.readAllBytes(commit.getValue())));
    }
    return hashes;
  }

  /** The newest version; -1 when there is none. */
  long newest() throws IOException {
    return commits().keySet().stream().mapToLong(Long::longValue).max().orElse(-1);
  }

  /** All commits that carry the position of the lake query, in the order of the versions. */
  List<Batch> batches() throws IOException {
    List<Batch> batches = new ArrayList<>();
    for (Map.Entry<Long, Path> commit : commits().entrySet()) {
      batches.addAll(batches(commit.getKey(), commit.getValue()));
    }
    return batches;
  }

  private static List<Batch> batches(long version, Path commit) throws IOException {
    List<Batch> batches = new ArrayList<>();
    for (String line : Files.readAllLines(commit)) {
      // Most lines tell of files and are long.
      if (line.contains(DOMAIN)) {
        JsonNode domain = JSON.readTree(line).path("domainMetadata");
        if (domain.path("domain").asText().equals(DOMAIN)) {
          JsonNode said = JSON.readTree(domain.path("configuration").asText());
          batches.add(new Batch(version, ranges(said), said));
        }
      }
    }
    return batches;
  }

  private Path file(long version) {
    return folder.resolve("%020d.json".formatted(version));
  }

  /**
   * The commits with a position that have come since this was last asked, at first all: for looking
   * again and again.
   */
  List<Batch> newBatches() throws IOException {
    List<Batch> batches = new ArrayList<>();
    while (Files.exists(file(told + 1))) {
      told++;
      batches.addAll(batches(told, file(told)));
    }
    return batches;
  }

  private static List<Range> ranges(JsonNode said) {
    List<Range> ranges = new ArrayList<>();
    for (JsonNode range : said.path("offsets")) {
      Range read = range(range);
      if (read.from < read.until) {
        ranges.add(read);
      }
    }
    return ranges;
  }

  private static Range range(JsonNode range) {
    return new Range(
        range.path("topic").asText(),
        range.path("partition").asInt(),
        range.path("from").asLong(),
        range.path("until").asLong());
  }

  private Map<Long, Path> commits() throws IOException {
    Map<Long, Path> commits = new TreeMap<>();
    if (!Files.isDirectory(folder)) {
      return commits;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        String name = String.valueOf(file.getFileName());
        if (name.matches("\\d{20}\\.json")) {
          commits.put(Long.parseLong(name.substring(0, 20)), file);
        }
      }
    }
    return commits;
  }

  private static String hash(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
