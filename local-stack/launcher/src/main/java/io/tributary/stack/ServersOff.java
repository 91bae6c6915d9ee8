package io.tributary.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which servers of a running stack somebody wants off: a file in the home, so that a command in
 * another process can tell the supervisor. The wish is a state, not a message: nothing is lost when
 * the supervisor is busy, and saying it twice changes nothing.
 */
final class ServersOff {
  private final Path file;

  ServersOff(Path home) {
    this.file = home.resolve("local-stack.off");
  }

  Set<Server> read() {
    Set<Server> off = EnumSet.noneOf(Server.class);
    try {
      List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
      Arrays.stream(Server.values())
          .filter(server -> lines.contains(server.code()))
          .forEach(off::add);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    return off;
  }

  void write(Set<Server> off) {
    try {
      if (off.isEmpty()) {
        Files.deleteIfExists(file);
      } else {
        Files.writeString(
            file, off.stream().map(Server::code).collect(Collectors.joining("\n", "", "\n")));
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
