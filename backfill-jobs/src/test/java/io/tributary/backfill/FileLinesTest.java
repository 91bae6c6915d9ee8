package io.tributary.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.lake.sink.ImportedLine;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileLinesTest {
  private Path folder;

  @BeforeEach
  void name(@TempDir Path empty) {
    folder = empty;
  }

  private static List<List<String>> read(Path file) throws IOException {
    List<List<String>> parts = new ArrayList<>();
    try (FileLines lines = FileLines.open("file://" + file, new Configuration())) {
      for (List<ImportedLine> some = lines.next(); !some.isEmpty(); some = lines.next()) {
        parts.add(
            some.stream()
                .map(line -> line.line() + " " + new String(line.value(), StandardCharsets.UTF_8))
                .toList());
      }
    }
    return parts;
  }

  @Test
  void lines_are_numbered_as_an_editor_does_and_blank_ones_are_left_out() throws Exception {
    Path file = Files.writeString(folder.resolve("f"), "a\n\n \t\r\nb\r\n\nä");

    assertThat(read(file)).containsExactly(List.of("1 a", "4 b\r", "6 ä"));
  }

  @Test
  void an_empty_file_has_no_lines_and_one_of_blank_lines_neither() throws Exception {
    assertThat(read(Files.writeString(folder.resolve("empty"), ""))).isEmpty();
    assertThat(read(Files.writeString(folder.resolve("blank"), "\n\n  "))).isEmpty();
  }

  @Test
  void a_packed_file_of_several_members_is_read_whole() throws Exception {
    Path file = folder.resolve("f.gz");
    for (String member : List.of("a\nb\n", "c\n")) {
      try (OutputStream out =
          new GZIPOutputStream(
              Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND))) {
        out.write(member.getBytes(StandardCharsets.UTF_8));
      }
    }

    assertThat(read(file)).containsExactly(List.of("1 a", "2 b", "3 c"));
  }

  @Test
  void a_large_file_comes_in_parts_and_no_line_is_cut_or_lost() throws Exception {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 250_000; i++) {
      text.append(i).append('\n');
    }

    List<List<String>> parts = read(Files.writeString(folder.resolve("f"), text));

    assertThat(parts).hasSize(3);
    List<String> all = parts.stream().flatMap(List::stream).toList();
    assertThat(all).hasSize(250_000).doesNotHaveDuplicates();
    assertThat(all.get(249_999)).isEqualTo("250000 249999");
  }
}
