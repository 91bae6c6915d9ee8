package io.tributary.drill;

import io.tributary.stack.ElasticsearchNode;
import io.tributary.stack.KafkaBroker;
import java.io.IOException;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** A server goes away while the job works, and comes back with its data. */
record ServerFault(Server server, End end) implements Fault {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final long AWAY_MILLIS = 4_000;

  /** Which one. */
  enum Server {
    KAFKA,
    ELASTICSEARCH
  }

  /** How it goes. */
  enum End {
    /** By SIGKILL. */
    KILLED,
    /** By SIGTERM. */
    STOPPED
  }

  @Override
  public String name() {
    return Fault.code(server) + "-" + Fault.code(end);
  }

  @Override
  public Strike strike(Arena arena, SplittableRandom random)
      throws IOException, InterruptedException, DrillFailedException {
    arena.working();
    arena.progress().awaitInFlight(server == Server.ELASTICSEARCH);
    return switch (server) {
      case KAFKA -> kafka(arena, random);
      case ELASTICSEARCH -> elasticsearch(arena, random);
    };
  }

  private Strike kafka(Arena arena, SplittableRandom random)
      throws IOException, InterruptedException, DrillFailedException {
    KafkaBroker broker = arena.stack().broker();
    long pid = broker.pid();
    long inFlight = arena.progress().inFlight(System.currentTimeMillis());
    if (end == End.KILLED) {
      broker.kill();
    } else {
      broker.stop();
    }
    boolean gone = !ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    TimeUnit.MILLISECONDS.sleep(random.nextLong(AWAY_MILLIS));
    broker.start();
    return gone
        ? Strike.proven("pid %d gone, pid %d in its place".formatted(pid, broker.pid()), inFlight)
        : Strike.missed("the broker did not end");
  }

  private Strike elasticsearch(Arena arena, SplittableRandom random)
      throws IOException, InterruptedException, DrillFailedException {
    ElasticsearchNode node = arena.stack().node();
    long pid = node.pid();
    long inFlight = arena.progress().indexInFlight(System.currentTimeMillis());
    if (end == End.KILLED) {
      node.kill();
    } else {
      node.stop();
    }
    boolean gone = !ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    long before = arena.progress().lakeRecords();
    boolean lakeWentOn = Await.holds(LIMIT, () -> arena.progress().lakeRecords() > before);
    TimeUnit.MILLISECONDS.sleep(random.nextLong(AWAY_MILLIS));
    node.start();
    if (!lakeWentOn) {
      throw new DrillFailedException(
          "The lake query stood still for %d s without Elasticsearch."
              .formatted(LIMIT.toSeconds()));
    }
    return gone
        ? Strike.proven(
            "pid %d gone, pid %d in its place; the lake went on".formatted(pid, node.pid()),
            inFlight)
        : Strike.missed("the node did not end");
  }
}
