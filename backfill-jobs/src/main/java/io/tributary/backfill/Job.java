package io.tributary.backfill;

import java.io.IOException;
import java.util.Map;

/** A batch job with its inputs. */
interface Job {
  /** The name on the command line and in the ledger. */
  String name();

  /** The inputs, as they are written into ledger and report. */
  Map<String, Object> arguments();

  /** Finds out what {@link #run} would do, with counts; touches nothing. */
  Outcome plan(Workplace workplace) throws IOException;

  /**
   * Does it.
   *
   * @throws StoppedException when it was told to stop; what is done stays done
   */
  Outcome run(Workplace workplace) throws IOException, StoppedException;
}
