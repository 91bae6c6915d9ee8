package io.tributary.lake.seam;

import java.util.List;
import java.util.ServiceLoader;

/** Tells the intruders of a test what happens; costs a look at an empty list without them. */
public final class Seam {
  private static final List<Intruder> INTRUDERS =
      ServiceLoader.load(Intruder.class, Seam.class.getClassLoader()).stream()
          .map(ServiceLoader.Provider::get)
          .toList();

  private Seam() {}

  /**
   * A step was passed.
   *
   * @param records in flight there; 0 when the step has none
   */
  public static void passed(Step step, long records) {
    for (Intruder intruder : INTRUDERS) {
      intruder.passed(step, records);
    }
  }

  /** Whether a guard is in force; always, outside tests. */
  public static boolean isOn(Guard guard) {
    for (Intruder intruder : INTRUDERS) {
      if (intruder.isOff(guard)) {
        return false;
      }
    }
    return true;
  }
}
