package io.tributary.lake.table;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;

/**
 * Who writes: one running job. Kept in every commit of a stream, so that a job which was overtaken
 * can tell that it was, and by whom.
 *
 * @param id of one start of the program: no two processes of a host have one id at one nanosecond
 * @param startedAt ISO-8601, UTC
 */
public record Writer(String id, String host, long pid, String startedAt) {

  /** This process, as a writer of its own. */
  public static Writer ofThisProcess(Clock clock) {
    String host = hostName();
    long pid = ProcessHandle.current().pid();
    String startedAt = clock.instant().toString();
    return new Writer("%s/%d/%s".formatted(host, pid, startedAt), host, pid, startedAt);
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
