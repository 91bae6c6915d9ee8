package io.tributary.produce;

/**
 * What to generate. The same settings always give the same bytes.
 *
 * @param seed any number
 * @param startMicros time of the first event, in microseconds since the epoch, UTC
 * @param stepMicros how far the time moves from event to event, in microseconds
 * @param duplicates share of records that repeat an earlier event, 0 to 1
 * @param late share of events that are minutes to days late, 0 to 1
 * @param malformed share of records that have to become dead letters, 0 to 1
 * @param withoutId share of events that come without an id, 0 to 1
 */
public record GeneratorSettings(
    long seed,
    long startMicros,
    long stepMicros,
    double duplicates,
    double late,
    double malformed,
    double withoutId) {
  public GeneratorSettings {
    requireShare("duplicates", duplicates);
    requireShare("late", late);
    requireShare("malformed", malformed);
    requireShare("without-id", withoutId);
    if (duplicates + malformed > 1) {
      throw new IllegalArgumentException(
          "Invalid duplicates and malformed: together they are more than all records.");
    }
    if (stepMicros < 0) {
      throw new IllegalArgumentException(
          "Invalid step: " + stepMicros + " (must not be negative).");
    }
  }

  /** Only new events, each with an id, in order: what benchmarks are made of. */
  public static GeneratorSettings plain(long seed, long startMicros, long stepMicros) {
    return new GeneratorSettings(seed, startMicros, stepMicros, 0, 0, 0, 0);
  }

  private static void requireShare(String name, double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "Invalid " + name + ": " + share + " (a share between 0 and 1).");
    }
  }
}
