package io.tributary.streaming;

import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Errors of the virtual machine (too little memory or stack, a class that is missing) on threads
 * beside the queries: nothing to try again. The job has to end, as it does for one of a query; a
 * thread that is gone in silence would leave work undone that nobody misses.
 */
final class FatalErrors {
  private static final Logger LOG = LoggerFactory.getLogger(FatalErrors.class);

  private final CompletableFuture<String> first = new CompletableFuture<>();

  /** The work, which tells of an error that ends it. */
  Runnable watching(String name, Runnable work) {
    return () -> {
      try {
        work.run();
      } catch (Error e) {
        LOG.error("{} stopped by an error:", name, e);
        first.complete("%s: %s".formatted(name, e));
      }
    };
  }

  /** Completed by the first error. */
  CompletableFuture<String> first() {
    return first;
  }
}
