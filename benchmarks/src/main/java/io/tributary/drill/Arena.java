package io.tributary.drill;

import io.tributary.lake.seam.Guard;
import io.tributary.layout.LakeLayout;
import io.tributary.stack.LocalStack;
import io.tributary.stack.StackOptions;
import io.tributary.stack.Tuning;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where the drill takes place: servers, the job and the load. */
final class Arena implements AutoCloseable {
  private static final String TOPIC = "drill";
  private static final int PARTITIONS = 3;
  private static final int RECORDS_PER_SECOND = 40;
  private static final Duration WORKING_LIMIT = Duration.ofSeconds(150);
  private static final Duration COMPLETE_LIMIT = Duration.ofSeconds(180);
  private static final Duration SETTLE_LIMIT = Duration.ofSeconds(60);
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(3);

  private final Path home;
  private final LocalStack stack;
  private final ElasticsearchProxy proxy;
  private final SmallDisk disk;
  private final Load load;
  private final JobProgram program;
  private final Jobs jobs;
  private final Topic topic;
  private final Places places;
  private final IndexProgress index;
  private final Progress progress;
  private boolean closed;

  private Arena(
      Path home,
      LocalStack stack,
      ElasticsearchProxy proxy,
      SmallDisk disk,
      Load load,
      JobProgram program,
      Jobs jobs,
      Topic topic,
      Generations first) {
    this.home = home;
    this.stack = stack;
    this.proxy = proxy;
    this.disk = disk;
    this.load = load;
    this.program = program;
    this.jobs = jobs;
    this.topic = topic;
    this.index = new IndexProgress(stack.elasticsearch());
    this.places = new Places(home.resolve("lake"), stack.elasticsearch());
    this.progress =
        new Progress(
            load,
            stack.node(),
            index,
            new TableLog(home.resolve("lake").resolve(LakeLayout.EVENTS)),
            first);
  }

  /**
   * Starts the servers and the load.
   *
   * @param off a guard that the job has to do without, or null
   */
  static Arena open(Path home, long seed, @Nullable Guard off)
      throws IOException, InterruptedException, DrillFailedException {
    LocalStack stack =
        LocalStack.start(
            StackOptions.in(home.resolve("stack"))
                .withTuning(Tuning.QUICK_START)
                .withHeaps("512m", "768m"));
    SmallDisk disk = SmallDisk.mount(home.resolve("lake"));
    try {
      ElasticsearchProxy proxy = new ElasticsearchProxy(stack.elasticsearch());
      Topic topic = new Topic(stack.kafka(), TOPIC, PARTITIONS);
      Generations first = Generations.first(topic.make());
      Path configuration =
          JobConfiguration.write(home, stack.kafka(), TOPIC, PARTITIONS, proxy.url());
      JobProgram program = JobProgram.prepare(home, configuration);
      Load load = new Load(stack.kafka(), TOPIC, seed, RECORDS_PER_SECOND);
      load.resume();
      return new Arena(
          home, stack, proxy, disk, load, program, new Jobs(program, off), topic, first);
    } catch (IOException | DrillFailedException | RuntimeException e) {
      disk.close();
      stack.close();
      throw e;
    }
  }

  /**
   * Has a job run and end cleanly, and keeps its classes for all later ones: half of what a start
   * costs is reading and checking classes. Worth it for more than a few starts.
   *
   * @return how long that took, for people
   */
  String archiveClasses() throws IOException, InterruptedException, DrillFailedException {
    long begin = System.nanoTime();
    JobProcess archiving = jobs.startToArchive();
    working();
    Await.until("the first documents", WORKING_LIMIT, () -> index.documents() > 0);
    archiving.close();
    if (!program.isArchived()) {
      throw new DrillFailedException(
          "The JVM has not written the archive of the job's classes. See %s."
              .formatted(archiving.log()));
    }
    return "classes of the job archived in %d s"
        .formatted((System.nanoTime() - begin) / 1_000_000_000);
  }

  LocalStack stack() {
    return stack;
  }

  ElasticsearchProxy proxy() {
    return proxy;
  }

  SmallDisk disk() {
    return disk;
  }

  Path checkpoints() {
    return home.resolve("checkpoints");
  }

  Jobs jobs() {
    return jobs;
  }

  Progress progress() {
    return progress;
  }

  /** A job without an order that has committed something since this call. */
  JobProcess working() throws IOException, InterruptedException, DrillFailedException {
    load.requireSending();
    JobProcess working = jobs.runningOrNew();
    long before = progress.lakeRecords();
    Await.until(
        "the job to commit",
        WORKING_LIMIT,
        () -> {
          working.requireRunning();
          return progress.lakeRecords() > before;
        });
    return working;
  }

  /**
   * Deletes the topic with what is in it and makes it again; the load rests meanwhile, and before
   * that the job gets to see how far the old one reached.
   *
   * @return how many records were sent that the lake had not committed
   */
  long recreateTopic() throws IOException, InterruptedException, DrillFailedException {
    load.pause();
    Ends sent = Ends.of(load.sent());
    int old = progress.generations().newest();
    Await.until(
        "the job to see the ends",
        WORKING_LIMIT,
        () -> {
          Map<Integer, Long> seen = index.endsSeen();
          return sent.partitionsOf(old).stream()
              .allMatch(
                  partition -> seen.getOrDefault(partition, -1L) == sent.next(old, partition));
        });
    long unread = progress.unread(System.currentTimeMillis());
    String id = topic.makeAgain();
    progress.madeAgain(id, System.currentTimeMillis());
    load.beginAnew(progress.generations().newest());
    load.resume();
    return unread;
  }

  /**
   * What is wrong in the lake as a killed job has left it; a job that runs stands still meanwhile.
   */
  List<String> faultsAtPosition() throws IOException, InterruptedException {
    JobProcess running = jobs.running();
    if (running == null) {
      return places.faultsAtPosition(load.sent(), progress.generations());
    }
    Signals.stop(running.pid());
    try {
      return places.faultsAtPosition(load.sent(), progress.generations());
    } finally {
      Signals.send("CONT", running.pid());
    }
  }

  /**
   * Lets everything arrive and compares every place with what was sent; the load rests meanwhile.
   *
   * @return one line for each difference; none when all is exact
   */
  List<String> faults() throws IOException, InterruptedException, DrillFailedException {
    JobProcess running = working();
    load.pause();
    List<SentRecord> sent = load.sent();
    Ends ends = Ends.of(sent);
    boolean arrived =
        Await.holds(COMPLETE_LIMIT, () -> progress.hasReached(ends) || !running.isRunning());
    long deadline = System.nanoTime() + (arrived ? SETTLE_LIMIT.toNanos() : 0);
    long tables = places.versions();
    List<String> faults = places.faults(sent, progress.generations());
    while (!faults.isEmpty() && System.nanoTime() < deadline) {
      // Counts and ledger come a little later, and fast readers would only hold them up.
      long seen = tables;
      Await.holds(LOOK_AGAIN, () -> places.versions() != seen);
      tables = places.versions();
      faults = places.faults(sent, progress.generations());
    }
    if (!running.isRunning()) {
      faults = new ArrayList<>(faults);
      faults.add(
          "the job ended by itself with %d, see %s".formatted(running.exitCode(), running.log()));
    }
    load.resume();
    return faults;
  }

  /** How many records were sent so far. */
  long sent() {
    return load.sent().size();
  }

  /** Ends all that runs, also jobs that were left and stand still. Once is enough. */
  @Override
  public synchronized void close() throws InterruptedException {
    if (closed) {
      return;
    }
    closed = true;
    jobs.close();
    load.close();
    proxy.close();
    stack.broker().kill();
    stack.node().kill();
    stack.close();
    disk.close();
  }
}
