package io.tributary.streaming;

import io.tributary.lake.table.TableLog;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the hours of event time that commits wrote to, by the folders of their files.
 *
 * @param log of {@code events}
 */
record TouchedHours(TableLog log) {
  /**
   * With so many in line no further commits are looked at before some have left: they are more
   * hours than 22 years have, in 30 MB. Fewer would hide the hour of now behind an import of years;
   * only events of times that nobody meant come to more.
   */
  private static final int MOST_WAITING = 200_000;

  private static final Pattern HOUR =
      Pattern.compile("year=(\\d+)/month=(\\d+)/day=(\\d+)/hour=(\\d+)/");

  /** Puts the hours into a line that commits after those it has noted wrote to. */
  void putInto(WaitingHours line, long newest) throws IOException {
    for (long version = line.noted() + 1;
        version <= newest && line.size() < MOST_WAITING;
        version++) {
      for (String file : log.changes(version - 1, version).added()) {
        Matcher hour = HOUR.matcher(file);
        if (hour.find()) {
          line.touched(start(hour), version);
        }
      }
      line.notedUpTo(version);
    }
  }

  private static Instant start(Matcher hour) {
    return LocalDateTime.of(
            Integer.parseInt(hour.group(1)),
            Integer.parseInt(hour.group(2)),
            Integer.parseInt(hour.group(3)),
            Integer.parseInt(hour.group(4)),
            0)
        .toInstant(ZoneOffset.UTC);
  }
}
