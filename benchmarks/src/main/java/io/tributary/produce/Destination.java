package io.tributary.produce;

import java.io.IOException;

/** Where records go. */
interface Destination extends AutoCloseable {
  /** Takes the next record; it is there for good only after {@link #finish()}. */
  void send(Outgoing record) throws IOException;

  /** Waits until all records are acknowledged and noted down. */
  void finish() throws IOException;

  /** Records acknowledged so far. */
  long acknowledged();

  /** Records that were refused by their receiver; only the API refuses. */
  long refused();

  @Override
  void close();
}
