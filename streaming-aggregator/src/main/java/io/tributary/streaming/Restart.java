package io.tributary.streaming;

import java.util.concurrent.TimeoutException;

/** Starts a query anew where its target stands. */
interface Restart {
  void run() throws TimeoutException;
}
