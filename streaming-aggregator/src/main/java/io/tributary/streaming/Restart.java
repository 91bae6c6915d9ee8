package io.tributary.streaming;

import java.util.concurrent.TimeoutException;

/** Starts a query anew where its target stands. */
interface Restart {
  /**
   * Ends the running query, so that it starts anew.
   *
   * @return false when there is none, because it is being started, and may have looked at what has
   *     changed already: to be asked again if it still runs on what was there before
   */
  boolean run() throws TimeoutException;
}
