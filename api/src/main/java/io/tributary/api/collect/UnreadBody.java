package io.tributary.api.collect;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * Reads on what a client still sends after its request was refused: many clients read the answer
 * only then, and a connection closed under them loses it. Within bounds, and keeping nothing.
 */
final class UnreadBody {
  private static final long MAX_BYTES = 33_554_432;
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int CHUNK_BYTES = 65_536;

  private UnreadBody() {}

  static void discard(HttpServletRequest request) {
    if (request.getHeader("Expect") != null) {
      // It waits for our answer before it sends.
      return;
    }
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    byte[] chunk = new byte[CHUNK_BYTES];
    try {
      InputStream body = request.getInputStream();
      long discarded = 0;
      int read = 0;
      while (read >= 0 && discarded < MAX_BYTES && System.nanoTime() < deadline) {
        discarded += read;
        read = body.read(chunk);
      }
    } catch (IOException gone) {
      // Nobody waits for the answer then.
    }
  }
}
