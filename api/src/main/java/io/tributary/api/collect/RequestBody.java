package io.tributary.api.collect;

import io.tributary.api.problem.ProblemException;
import io.tributary.api.problem.Problems;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Reads a request's body, inflated, never holding more than its bounds. */
final class RequestBody {
  private static final int CHUNK_BYTES = 65_536;

  private final long maxBytes;

  /**
   * Bodies up to this size.
   *
   * @param maxBytes after inflation
   */
  RequestBody(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** The whole body; each byte held is taken from the share. */
  byte[] read(HttpServletRequest request, BytesInFlight.Share share) {
    boolean gzip = isGzip(request);
    if (!gzip && request.getContentLengthLong() > maxBytes) {
      throw tooLarge();
    }
    try {
      WireStream wire = new WireStream(request.getInputStream(), gzip ? maxWireBytes() : maxBytes);
      return gzip ? inflate(wire, share) : readAll(wire, share);
    } catch (IOException broken) {
      throw new ProblemException(Problems.incompleteBody());
    }
  }

  private byte[] inflate(InputStream wire, BytesInFlight.Share share) throws IOException {
    try (InputStream inflated = new GZIPInputStream(wire, CHUNK_BYTES)) {
      return readAll(inflated, share);
    } catch (EOFException half) {
      throw new ProblemException(Problems.malformedGzip("the gzip stream ends too early"));
    } catch (ZipException malformed) {
      throw new ProblemException(Problems.malformedGzip("it is not a gzip stream"));
    }
  }

  private byte[] readAll(InputStream from, BytesInFlight.Share share) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    byte[] chunk = new byte[CHUNK_BYTES];
    for (int read = from.read(chunk); read >= 0; read = from.read(chunk)) {
      if (body.size() + (long) read > maxBytes) {
        throw tooLarge();
      }
      share.take(read);
      body.write(chunk, 0, read);
    }
    return body.toByteArray();
  }

  /** Deflate never needs more than this for a body within bounds; empty blocks without end do. */
  private long maxWireBytes() {
    return maxBytes + maxBytes / 100 + 1_024;
  }

  private ProblemException tooLarge() {
    return new ProblemException(Problems.bodyTooLarge(maxBytes));
  }

  private static boolean isGzip(HttpServletRequest request) {
    List<String> encodings = Collections.list(request.getHeaders("Content-Encoding"));
    String encoding = String.join(", ", encodings).strip().toLowerCase(Locale.ROOT);
    return switch (encoding) {
      case "", "identity" -> false;
      case "gzip", "x-gzip" -> true;
      default -> throw new ProblemException(Problems.unsupportedEncoding(encoding));
    };
  }

  /** The bytes as they come in. Its own failures are the connection's, never the encoding's. */
  private final class WireStream extends FilterInputStream {
    private final long limit;
    private long passed;

    WireStream(InputStream from, long limit) {
      super(from);
      this.limit = limit;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      int read;
      try {
        read = in.read(into, offset, length);
      } catch (IOException broken) {
        throw new ProblemException(Problems.incompleteBody());
      }
      passed += Math.max(read, 0);
      if (passed > limit) {
        throw tooLarge();
      }
      return read;
    }
  }
}
