package io.tributary.api.collect;

import io.tributary.api.problem.ProblemException;
import io.tributary.api.problem.Problems;
import java.util.concurrent.atomic.AtomicLong;

/** Bounds what all requests hold together, so that many large ones can't exhaust the heap. */
final class BytesInFlight {
  private final long maxBytes;
  private final AtomicLong held = new AtomicLong();

  BytesInFlight(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** One request's share; closing it gives everything back. */
  Share open() {
    return new Share();
  }

  long held() {
    return held.get();
  }

  /** What one request holds. */
  final class Share implements AutoCloseable {
    private long taken;

    /** Throws when that many more would be too many for all together. */
    void take(int bytes) {
      if (held.addAndGet(bytes) > maxBytes) {
        held.addAndGet(-bytes);
        throw new ProblemException(
            Problems.overloaded("other requests fill the memory set aside for bodies"));
      }
      taken += bytes;
    }

    @Override
    public void close() {
      held.addAndGet(-taken);
      taken = 0;
    }
  }
}
