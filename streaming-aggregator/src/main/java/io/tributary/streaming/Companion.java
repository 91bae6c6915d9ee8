package io.tributary.streaming;

/** Work beside the queries, on a thread of its own: it may fall behind, and never holds them up. */
interface Companion extends AutoCloseable {
  /** Begins. */
  void start();

  /** Ends; brings to an end what the next start could not make up for. */
  @Override
  void close();
}
