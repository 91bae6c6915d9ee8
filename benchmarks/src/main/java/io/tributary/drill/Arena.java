package io.tributary.drill;

import io.tributary.lake.seam.Guard;
import io.tributary.lake.seam.Step;
import io.tributary.layout.IndexLayout;
import io.tributary.layout.LakeLayout;
import io.tributary.produce.Expectation;
import io.tributary.produce.KafkaDestination;
import io.tributary.stack.LocalStack;
import io.tributary.stack.StackOptions;
import io.tributary.stack.Tuning;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where the drill takes place: servers, the job, the load, and how far everything is. */
final class Arena implements AutoCloseable {
  private static final String TOPIC = "drill";
  private static final int PARTITIONS = 3;
  private static final int RECORDS_PER_SECOND = 40;
  private static final Duration WORKING_LIMIT = Duration.ofSeconds(150);
  private static final Duration COMPLETE_LIMIT = Duration.ofSeconds(180);
  private static final Duration SETTLE_LIMIT = Duration.ofSeconds(60);
  private static final Pattern COUNT = Pattern.compile("\"count\":(\\d+)");

  private final Path home;
  private final @Nullable Guard off;
  private final LocalStack stack;
  private final ElasticsearchProxy proxy;
  private final SmallDisk disk;
  private final Load load;
  private final JobProgram program;
  private final Places places;
  private final TableLog events;
  private final IndexLayout layout = new IndexLayout();
  private final HttpClient client = HttpClient.newHttpClient();
  private @Nullable JobProcess job;
  private Map<Integer, Long> position = Map.of();
  private int jobs;

  private Arena(
      Path home,
      @Nullable Guard off,
      LocalStack stack,
      ElasticsearchProxy proxy,
      SmallDisk disk,
      Load load,
      JobProgram program) {
    this.home = home;
    this.off = off;
    this.stack = stack;
    this.proxy = proxy;
    this.disk = disk;
    this.load = load;
    this.program = program;
    this.places = new Places(home.resolve("lake"), stack.elasticsearch());
    this.events = new TableLog(home.resolve("lake").resolve(LakeLayout.EVENTS));
  }

  /**
   * Starts the servers and the load.
   *
   * @param off a guard that the job has to do without, or null
   */
  static Arena open(Path home, long seed, @Nullable Guard off)
      throws IOException, InterruptedException {
    LocalStack stack =
        LocalStack.start(
            StackOptions.in(home.resolve("stack"))
                .withTuning(Tuning.QUICK_START)
                .withHeaps("512m", "768m"));
    ElasticsearchProxy proxy = new ElasticsearchProxy(stack.elasticsearch());
    SmallDisk disk = SmallDisk.mount(home.resolve("lake"));
    KafkaDestination.prepareTopic(stack.kafka(), TOPIC, PARTITIONS);
    Load load = new Load(stack.kafka(), TOPIC, seed, RECORDS_PER_SECOND);
    load.resume();
    Path configuration = home.resolve("streaming.yml");
    Files.writeString(
        configuration,
        """
        kafka: {bootstrap-servers: "%s", topics: [%s], partitions: %d, retention: forever}
        lake: {root: "%s", checkpoints: "%s", trigger: 1s, log-checkpoint-interval: 3}
        counts: {every: 6s}
        ledger: {every: 7s}
        audit: {every: 30s, repair: false}
        index: {elasticsearch: "%s", trigger: 2s, refresh-interval: 200ms, bulk-entries: 40, options: {es.http.timeout: 5s}}
        metrics: {port: 0}
        retry: {first: 200ms, longest: 1s}
        spark:
          spark.master: "local[4]"
          spark.sql.shuffle.partitions: "1"
          spark.databricks.delta.snapshotPartitions: "1"
          spark.sql.codegen.wholeStage: "false"
          spark.sql.codegen.factoryMode: "NO_CODEGEN"
          spark.sql.adaptive.enabled: "false"
          spark.ui.showConsoleProgress: "false"
          spark.local.dir: "%s"
        """
            .formatted(
                stack.kafka(),
                TOPIC,
                PARTITIONS,
                home.resolve("lake"),
                home.resolve("checkpoints"),
                proxy.url(),
                home.resolve("spark")));
    return new Arena(home, off, stack, proxy, disk, load, JobProgram.prepare(home, configuration));
  }

  /**
   * Has a job run and end cleanly, and keeps its classes for all later ones: half of what a start
   * costs is reading and checking classes. Worth it for more than a few starts.
   *
   * @return how long that took, for people
   */
  String archiveClasses() throws IOException, InterruptedException, DrillFailedException {
    long begin = System.nanoTime();
    JobProcess archiving = program.startToArchive("job-archiving", Order.none(off));
    job = archiving;
    working();
    Await.until("the first documents", WORKING_LIMIT, () -> documents() > 0);
    archiving.close();
    job = null;
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

  /** Kills the job that runs, if one does, and starts one with an order. */
  JobProcess restart(Step step, int passing, String signal)
      throws IOException, InterruptedException {
    JobProcess running = job;
    if (running != null) {
      running.kill();
    }
    return start(Order.at(step, passing, signal, off));
  }

  /** Lets a job be, stopped or not; the next one is started beside it. */
  void leave(JobProcess other) {
    if (job == other) {
      job = null;
    }
  }

  /** A job without an order that has committed something since this call. */
  JobProcess working() throws IOException, InterruptedException, DrillFailedException {
    load.requireSending();
    JobProcess running = job;
    if (running == null || !running.isRunning()) {
      running = start(Order.none(off));
    }
    JobProcess working = running;
    long before = lakeRecords();
    Await.until(
        "the job to commit",
        WORKING_LIMIT,
        () -> {
          if (!working.isRunning()) {
            throw new DrillFailedException(
                "The job ended by itself with %d. See %s."
                    .formatted(working.exitCode(), working.log()));
          }
          return lakeRecords() > before;
        });
    return working;
  }

  private JobProcess start(Order order) throws IOException {
    JobProcess started = program.start("job-%04d".formatted(++jobs), order);
    job = started;
    return started;
  }

  /** How many records the lake's position has passed. */
  long lakeRecords() throws IOException {
    return position().values().stream().mapToLong(Long::longValue).sum();
  }

  private Map<Integer, Long> position() throws IOException {
    List<TableLog.Batch> batches = events.newBatches();
    if (!batches.isEmpty()) {
      position = TableLog.position(batches);
    }
    return position;
  }

  /** Records sent up to a time that are not in the lake, or, if more, not in the index. */
  long inFlight(long millis) throws IOException, InterruptedException {
    Map<Integer, Long> position = position();
    long lake =
        load.sent().stream()
            .filter(record -> record.millis() <= millis)
            .filter(record -> record.offset() >= position.getOrDefault(record.partition(), 0L))
            .count();
    return Math.max(lake, stack.node().isRunning() ? indexInFlight(millis) : 0);
  }

  /** Events sent up to a time that have no document; none when that cannot be asked. */
  long indexInFlight(long millis) throws IOException, InterruptedException {
    long events =
        load.sent().stream()
            .filter(record -> record.millis() <= millis)
            .filter(record -> record.entry().expectation().end() == Expectation.End.ROW)
            .count();
    long documents = documents();
    return documents < 0 ? 0 : Math.max(0, events - documents);
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

  /** How many documents of events there are; -1 when Elasticsearch does not answer. */
  private long documents() throws InterruptedException {
    try {
      ask("/" + layout.eventsPattern() + "/_refresh");
      Matcher count = COUNT.matcher(ask("/" + layout.eventsPattern() + "/_count"));
      return count.find() ? Long.parseLong(count.group(1)) : -1;
    } catch (IOException e) {
      return -1;
    }
  }

  private String ask(String path) throws IOException, InterruptedException {
    return client
        .send(
            HttpRequest.newBuilder(URI.create(stack.elasticsearch() + path))
                .timeout(Duration.ofSeconds(10))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  /**
   * What is wrong in the lake as a killed job has left it; a job that runs stands still meanwhile.
   */
  List<String> faultsAtPosition() throws IOException, InterruptedException {
    JobProcess running = job;
    if (running == null || !running.isRunning()) {
      return places.faultsAtPosition(load.sent());
    }
    Signals.stop(running.pid());
    try {
      return places.faultsAtPosition(load.sent());
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
    working();
    load.pause();
    List<SentRecord> sent = load.sent();
    long events =
        sent.stream()
            .filter(record -> record.entry().expectation().end() == Expectation.End.ROW)
            .count();
    JobProcess running = job;
    boolean arrived =
        Await.holds(
            COMPLETE_LIMIT,
            () ->
                lakeRecords() >= sent.size() && documents() >= events
                    || (running != null && !running.isRunning()));
    long deadline = System.nanoTime() + (arrived ? SETTLE_LIMIT.toNanos() : 0);
    List<String> faults;
    do {
      faults = places.faults(sent);
    } while (!faults.isEmpty() && System.nanoTime() < deadline);
    if (running != null && !running.isRunning()) {
      faults = new java.util.ArrayList<>(faults);
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

  @Override
  public void close() throws InterruptedException {
    load.close();
    JobProcess running = job;
    if (running != null) {
      running.kill();
    }
    proxy.close();
    stack.broker().kill();
    stack.node().kill();
    stack.close();
    disk.close();
  }
}
