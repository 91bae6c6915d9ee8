package io.tributary.lake.table;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.util.UUID;

/**
 * Who writes: one running job. Kept in every commit of a stream, so that a job which was overtaken
 * can tell that it was, and by whom.
 *
 * @param id a random one for each start of the program
 * @param startedAt ISO-8601, UTC
 */
public record Writer(String id, String host, long pid, String startedAt) {

  /** This process, as a writer of its own. */
  public static Writer ofThisProcess(Clock clock) {
    return new Writer(
        UUID.randomUUID().toString(),
        hostName(),
        ProcessHandle.current().pid(),
        clock.instant().toString());
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      // A machine without a name of its own; the process id and the time still tell.
      return "localhost";
    }
  }

  @Override
  public String toString() {
    return "process %d on %s, started at %s".formatted(pid, host, startedAt);
  }
}
