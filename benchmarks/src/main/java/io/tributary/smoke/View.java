package io.tributary.smoke;

import io.tributary.reader.EventKey;
import io.tributary.time.TimeRange;
import java.io.IOException;
import java.util.List;

/** A place that holds events and can list them. */
interface View {
  /** What to call it on the screen. */
  String name();

  /**
   * The key of every event of a range, a row stored twice twice.
   *
   * @throws IOException when the place cannot be read now
   */
  List<EventKey> ids(TimeRange range) throws IOException;
}
