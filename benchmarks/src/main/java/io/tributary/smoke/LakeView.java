package io.tributary.smoke;

import io.tributary.reader.EventKey;
import io.tributary.reader.LakeEvents;
import io.tributary.reader.LakeUnreadableException;
import io.tributary.time.TimeRange;
import java.io.IOException;
import java.util.List;

/** The rows of the lake, read from the files of the newest Delta version. */
final class LakeView implements View {
  private final LakeEvents events;

  LakeView(LakeEvents events) {
    this.events = events;
  }

  @Override
  public String name() {
    return "lake (Delta)";
  }

  @Override
  public List<EventKey> ids(TimeRange range) throws IOException {
    try {
      return events.ids(range);
    } catch (LakeUnreadableException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
