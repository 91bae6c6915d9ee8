package io.tributary.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;

/** Ports on 127.0.0.1. */
final class Ports {
  /**
   * Free ports are taken from below the range that systems use for outgoing connections. A client
   * that keeps trying a stopped server's port would otherwise be given that very port as its own
   * end some day, connect to itself, and keep the server from coming back.
   */
  private static final int LOWEST = 15_000;

  private static final int HIGHEST = 32_000;
  private static final int ATTEMPTS = 200;

  private Ports() {}

  static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException taken) {
      return false;
    }
  }

  static int free() {
    return freeExcept(0);
  }

  /** A free port that is not {@code promised}, which is free too but already has a use. */
  static int freeExcept(int promised) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
      if (port != promised && isFree(port)) {
        return port;
      }
    }
    throw new StackException(
        "Cannot find a free port: %d tries between %d and %d all failed. Name one yourself, or see what holds so many (ss -ltnp)."
            .formatted(ATTEMPTS, LOWEST, HIGHEST));
  }

  /**
   * The port to start with: {@code wanted} if it is not 0; else the one kept in {@code file} if it
   * is free; else any free one. The choice is kept in {@code file}.
   */
  static int choose(String server, int wanted, Path file) {
    if (wanted != 0 && !isFree(wanted)) {
      throw new StackException(
          "Cannot start %s: port %d on 127.0.0.1 is taken by another program. Stop that program (ss -ltnp | grep %d), or choose another port (0 takes a free one)."
              .formatted(server, wanted, wanted));
    }
    int port = wanted;
    if (port == 0) {
      int kept = kept(file);
      port = kept != 0 && isFree(kept) ? kept : free();
    }
    try {
      Files.writeString(file, port + "\n");
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    return port;
  }

  /** The port kept in {@code file}, 0 when there is none. */
  static int kept(Path file) {
    try {
      return Files.exists(file) ? Integer.parseInt(Files.readString(file).strip()) : 0;
    } catch (IOException | NumberFormatException unreadable) {
      return 0;
    }
  }
}
