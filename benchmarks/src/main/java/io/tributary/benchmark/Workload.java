package io.tributary.benchmark;

/** A way to move a topic to its target. */
interface Workload {
  /**
   * Moves all of a topic to a target that is not there yet, and comes back when the last record is
   * in it. The clock runs from the start of the query, in a Spark session that is there, to the
   * last commit; what prepares the run is outside.
   */
  RunResult move(RunOrder order, RunOrder.Place place) throws Exception;
}
