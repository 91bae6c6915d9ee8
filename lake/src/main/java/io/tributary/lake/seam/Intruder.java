package io.tributary.lake.seam;

/** What a test puts on the class path, as a service, to reach into a job. No product brings one. */
public interface Intruder {
  /**
   * A step was passed. May throw, wait, or end the process.
   *
   * @param records how many records are in flight there; 0 when the step has none
   */
  void passed(Step step, long records);

  /** Whether a guard is switched off. */
  boolean isOff(Guard guard);
}
