package io.tributary.streaming;

import io.tributary.lake.index.IndexAdministration;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/** Makes the parts of a job that its configuration asks for, and joins them. */
final class JobParts {
  private static final long NO_VERSION = -1;

  private final SparkSession spark;
  private final StreamingConfiguration configuration;
  private final KafkaTopics topics;
  private final IndexAdministration administration;
  private final JobMetrics metrics;
  private final Clock clock;
  private final BatchLog batches;
  private final IndexPositions positions;
  private final FatalErrors errors = new FatalErrors();
  private final List<QuerySupervisor> supervisors = new ArrayList<>();
  private final List<Companion> companions = new ArrayList<>();

  JobParts(
      SparkSession spark,
      StreamingConfiguration configuration,
      KafkaTopics topics,
      IndexAdministration administration,
      JobMetrics metrics,
      Clock clock) {
    this.spark = spark;
    this.configuration = configuration;
    this.topics = topics;
    this.administration = administration;
    this.metrics = metrics;
    this.clock = clock;
    this.batches = new BatchLog(metrics);
    this.positions = new IndexPositions(administration);
    LakeQuery lake = configuration.runs(StreamingConfiguration.LAKE_QUERY) ? lake() : null;
    LedgerKeeper ledger =
        new LedgerKeeper(
            spark,
            configuration,
            lake == null ? () -> NO_VERSION : lake::version,
            lake == null ? null : lake.status(),
            metrics,
            errors,
            clock);
    StatusReporter.Target target =
        configuration.runs(StreamingConfiguration.INDEX_QUERY) ? index(ledger) : () -> true;
    if (lake != null) {
      companions.add(
          new CountsKeeper(
              spark, configuration, administration, positions, lake::version, errors, clock));
    }
    // Closed after what adds rows to it.
    companions.add(ledger);
    status(target);
  }

  /** The queries that run. */
  List<QuerySupervisor> supervisors() {
    return supervisors;
  }

  /** What runs beside them, in the order in which it has to be closed. */
  List<Companion> companions() {
    return companions;
  }

  /** Of what runs beside the queries: the job is at its end with the first. */
  FatalErrors errors() {
    return errors;
  }

  private LakeQuery lake() {
    BatchGate gate = new BatchGate();
    LakeQuery lake = new LakeQuery(spark, configuration, topics, gate, batches, clock);
    supervisors.add(new QuerySupervisor(lake, gate, configuration.retry()));
    return lake;
  }

  private StatusReporter.Target index(LedgerKeeper ledger) {
    boolean lakeRuns = configuration.runs(StreamingConfiguration.LAKE_QUERY);
    BatchGate gate = new BatchGate();
    IndexChecks checks = new IndexChecks(configuration, administration, positions);
    IndexQuery index =
        new IndexQuery(
            spark,
            configuration,
            topics,
            administration,
            gate,
            batches,
            positions,
            checks,
            ledger::add,
            clock);
    QuerySupervisor supervisor = new QuerySupervisor(index, gate, configuration.retry());
    supervisors.add(supervisor);
    companions.add(new IndexWatch(index.status(), positions, supervisor::restart, errors));
    if (lakeRuns) {
      companions.add(
          new ViewKeeper(
              spark,
              configuration,
              administration,
              positions,
              ledger.eventsVersion(),
              metrics,
              errors,
              clock));
    }
    companions.add(
        new IndexFill(
            spark,
            configuration,
            positions,
            checks,
            index.status(),
            supervisor::restart,
            errors,
            clock));
    return () -> !index.status().isStarted() || positions.isOurs();
  }

  private void status(StatusReporter.Target target) {
    metrics.watch(supervisors.stream().map(QuerySupervisor::status).toList(), clock);
    companions.add(
        new StatusReporter(
            supervisors.stream()
                .map(
                    supervisor ->
                        new StatusReporter.Reported(supervisor.status(), supervisor::restart))
                .toList(),
            topics,
            administration,
            target,
            errors,
            clock));
  }
}
