package io.tributary.lake.seam;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;

/** Does at the steps of the running test what that test wants; nothing otherwise. */
public final class TestIntruder implements Intruder {
  private static final Map<Step, LongConsumer> AT = new ConcurrentHashMap<>();
  private static final Set<Guard> OFF = ConcurrentHashMap.newKeySet();

  /** Called by the service loader. */
  public TestIntruder() {}

  /**
   * Calls this whenever the step is passed, until {@link #leave}.
   *
   * @param action takes the records in flight; what it throws is thrown at the step
   */
  public static void at(Step step, LongConsumer action) {
    AT.put(step, action);
  }

  /** Switches a guard off, until {@link #leave}. */
  public static void switchOff(Guard guard) {
    OFF.add(guard);
  }

  /** Leaves everything to itself again. */
  public static void leave() {
    AT.clear();
    OFF.removeAll(EnumSet.allOf(Guard.class));
  }

  @Override
  public void passed(Step step, long records) {
    LongConsumer action = AT.get(step);
    if (action != null) {
      action.accept(records);
    }
  }

  @Override
  public boolean isOff(Guard guard) {
    return OFF.contains(guard);
  }
}
