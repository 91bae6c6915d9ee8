package io.tributary.drill;

import io.tributary.event.Event;
import io.tributary.lake.seam.Guard;
import io.tributary.layout.LakeLayout;
import io.tributary.produce.Expectation;
import io.tributary.stack.LocalStack;
import io.tributary.stack.StackOptions;
import io.tributary.stack.Tuning;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Where the drill takes place: servers, the job, the load, and how far everything is. */
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
  private final Position position = new Position();
  private final Places places;
  private final TableLog events;
  private final IndexProgress index;
  private boolean closed;
  private Generations generations;

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
    this.generations = first;
    this.index = new IndexProgress(stack.elasticsearch());
    this.places = new Places(home.resolve("lake"), stack.elasticsearch());
    this.events = new TableLog(home.resolve("lake").resolve(LakeLayout.EVENTS));
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

  /** A job without an order that has committed something since this call. */
  JobProcess working() throws IOException, InterruptedException, DrillFailedException {
    load.requireSending();
    JobProcess working = jobs.runningOrNew();
    long before = lakeRecords();
    Await.until(
        "the job to commit",
        WORKING_LIMIT,
        () -> {
          working.requireRunning();
          return lakeRecords() > before;
        });
    return working;
  }

  /** How many records the lake's position has passed. */
  long lakeRecords() throws IOException {
    return position().records();
  }

  private Position position() throws IOException {
    for (TableLog.Batch batch : events.newBatches()) {
      position.advance(batch, generations);
    }
    return position;
  }

  /** Records sent up to a time that are not in the lake, or, if more, not in the index. */
  long inFlight(long millis) throws IOException, InterruptedException {
    return Math.max(unread(millis), stack.node().isRunning() ? indexInFlight(millis) : 0);
  }

  private long unread(long millis) throws IOException {
    Position now = position();
    return load.sent().stream()
        .filter(record -> record.millis() <= millis)
        .filter(record -> !now.isDone(record.place()) && !now.isLost(record.place()))
        .count();
  }

  /** Events sent up to a time that have no document; none when that cannot be asked. */
  long indexInFlight(long millis) throws IOException, InterruptedException {
    long documents = documents();
    return documents < 0 ? 0 : Math.max(0, events(millis) - documents);
  }

  /**
   * Documents of events that the lake has, or is still to get; -1 when that cannot be asked. The
   * index may also hold events that were lost with their topic before the lake had read them: they
   * would hide as many that are missing.
   */
  private long documents() throws IOException, InterruptedException {
    Position now = position();
    List<String> lost =
        load.sent().stream()
            .filter(record -> record.entry().expectation().end() == Expectation.End.ROW)
            .filter(record -> now.isLost(record.place()))
            .map(record -> record.entry().event())
            .filter(Objects::nonNull)
            .map(Event::eventId)
            .distinct()
            .toList();
    long ofLost = index.documentsOf(lost);
    long all = index.documents();
    return ofLost < 0 || all < 0 ? -1 : all - ofLost;
  }

  private long events(long millis) throws IOException {
    Position now = position();
    return load.sent().stream()
        .filter(record -> record.millis() <= millis)
        .filter(record -> record.entry().expectation().end() == Expectation.End.ROW)
        .filter(record -> !now.isLost(record.place()))
        .count();
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
    int old = generations.newest();
    Await.until(
        "the job to see the ends",
        WORKING_LIMIT,
        () -> {
          Map<Integer, Long> seen = index.endsSeen();
          return sent.partitionsOf(old).stream()
              .allMatch(
                  partition -> seen.getOrDefault(partition, -1L) == sent.next(old, partition));
        });
    long unread = unread(System.currentTimeMillis());
    String id = topic.makeAgain();
    generations = generations.with(id, System.currentTimeMillis());
    load.beginAnew(generations.newest());
    load.resume();
    return unread;
  }

  /** Whether the lake holds something of the topic that was made last. */
  boolean hasReadOfNewestTopic() throws IOException {
    Position now = position();
    int newest = generations.newest();
    return now.generation() == newest && now.records(newest) > 0;
  }

  /** How many topics of the name there were. */
  int topics() {
    return generations.all().size();
  }

  /** Waits until something is in flight. */
  void awaitInFlight(boolean ofTheIndex) throws InterruptedException, DrillFailedException {
    Await.until(
        "records in flight",
        WORKING_LIMIT,
        () ->
            (ofTheIndex
                    ? indexInFlight(System.currentTimeMillis())
                    : inFlight(System.currentTimeMillis()))
                > 0);
  }

  /**
   * What is wrong in the lake as a killed job has left it; a job that runs stands still meanwhile.
   */
  List<String> faultsAtPosition() throws IOException, InterruptedException {
    JobProcess running = jobs.running();
    if (running == null) {
      return places.faultsAtPosition(load.sent(), generations);
    }
    Signals.stop(running.pid());
    try {
      return places.faultsAtPosition(load.sent(), generations);
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
        Await.holds(
            COMPLETE_LIMIT,
            () ->
                position().hasReached(ends, generations.newest())
                        && documents() >= events(Long.MAX_VALUE)
                    || !running.isRunning());
    long deadline = System.nanoTime() + (arrived ? SETTLE_LIMIT.toNanos() : 0);
    long tables = places.versions();
    List<String> faults = places.faults(sent, generations);
    while (!faults.isEmpty() && System.nanoTime() < deadline) {
      // Counts and ledger come a little later, and fast readers would only hold them up.
      long seen = tables;
      Await.holds(LOOK_AGAIN, () -> places.versions() != seen);
      tables = places.versions();
      faults = places.faults(sent, generations);
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
