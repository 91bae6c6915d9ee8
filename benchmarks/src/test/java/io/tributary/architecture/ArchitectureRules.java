package io.tributary.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.NullMarked;

/** Which module may use what. Each rule says what to do instead. */
@AnalyzeClasses(locations = AllModules.class)
final class ArchitectureRules {
  private static final String[] EVENT_MODEL = {
    "io.tributary.event..",
    "io.tributary.layout..",
    "io.tributary.number..",
    "io.tributary.query..",
    "io.tributary.time.."
  };
  private static final String LAKE = "io.tributary.lake..";
  private static final String READER = "io.tributary.reader..";
  private static final String STREAMING = "io.tributary.streaming..";
  private static final String BACKFILL = "io.tributary.backfill..";
  private static final String API = "io.tributary.api..";
  private static final String STACK = "io.tributary.stack..";
  private static final String[] BENCHMARKS = {
    "io.tributary.benchmark..",
    "io.tributary.docs..",
    "io.tributary.drill..",
    "io.tributary.produce..",
    "io.tributary.smoke.."
  };
  private static final String[] IN_BATCHES = {
    "io.tributary.event..",
    "io.tributary.layout..",
    "io.tributary.lake.counts..",
    "io.tributary.lake.decode..",
    "io.tributary.lake.deduplication..",
    "io.tributary.lake.sink..",
    "io.tributary.lake.table.."
  };
  private static final String[] SPARK = {"org.apache.spark..", "scala..", "io.delta.tables.."};

  @ArchTest
  static final ArchRule theEventModelIsPlainJava =
      noClasses()
          .that()
          .resideInAnyPackage(EVENT_MODEL)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache..",
              "scala..",
              "io.delta..",
              "org.elasticsearch..",
              "co.elastic..",
              "org.duckdb..",
              "io.dropwizard..",
              "jakarta..",
              LAKE,
              READER,
              STREAMING,
              BACKFILL,
              API,
              STACK)
          .because(
              "every program shares event-model; put what needs Spark into lake, what needs Delta"
                  + " Kernel or DuckDB into lake-reader, what needs HTTP into api, and pass plain"
                  + " values in");

  @ArchTest
  static final ArchRule theLakeServesJobsAndKnowsNone =
      noClasses()
          .that()
          .resideInAPackage(LAKE)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(STREAMING, BACKFILL, API, READER, STACK)
          .because(
              "streaming and batch jobs share lake; let the job pass in what it needs, as a value"
                  + " or as a function");

  @ArchTest
  static final ArchRule theReaderNeedsNoSpark =
      noClasses()
          .that()
          .resideInAPackage(READER)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(SPARK)
          .orShould()
          .dependOnClassesThat()
          .resideInAnyPackage(LAKE, STREAMING, BACKFILL, API, STACK)
          .because(
              "the API reads the lake in its own small process; what both need belongs into"
                  + " event-model, what needs Spark into lake");

  @ArchTest
  static final ArchRule theStreamingJobUsesTheLakeOnly =
      noClasses()
          .that()
          .resideInAPackage(STREAMING)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(BACKFILL, API, READER, STACK)
          .because("what streaming and batch share belongs into lake");

  @ArchTest
  static final ArchRule batchJobsNeverUseTheStreamingJob =
      noClasses()
          .that()
          .resideInAPackage(BACKFILL)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(STREAMING, API, STACK)
          .because("there is one code path for stream and batch, and it is in lake: move it there")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule theApiNeverUsesSpark =
      noClasses()
          .that()
          .resideInAPackage(API)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(SPARK)
          .orShould()
          .dependOnClassesThat()
          .resideInAnyPackage(LAKE, STREAMING, BACKFILL, STACK)
          .because(
              "the API starts in seconds and lives in 512 MiB; read the lake by lake-reader, take"
                  + " names and layouts from event-model")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule theLocalStackIsPlainJava =
      classes()
          .that()
          .resideInAPackage(STACK)
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("java..", "com.sun.net.httpserver..", "org.jspecify..", STACK)
          .because(
              "the launcher stands on the class path of every module's tests; what a server needs"
                  + " belongs into the server's own module");

  @ArchTest
  static final ArchRule nothingThatIsShippedUsesTheLocalStackOrTheBenchmarks =
      noClasses()
          .that()
          .resideOutsideOfPackages(BENCHMARKS)
          .and()
          .resideOutsideOfPackages(STACK, "io.tributary.architecture..", "io.tributary.endtoend..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(STACK)
          .orShould()
          .dependOnClassesThat()
          .resideInAnyPackage(BENCHMARKS)
          .because(
              "local-stack is for development and tests, never a production server; use it from"
                  + " test classes");

  @ArchTest
  static final ArchRule onlyTheIndexSinkKnowsTheConnector =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.tributary.lake.index..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.elasticsearch.spark..", "org.elasticsearch.hadoop..")
          .because("the connector is to be exchanged in one place; use IndexSink or CountsIndex");

  @ArchTest
  static final ArchRule onlyTheReaderKnowsDuckDb =
      noClasses()
          .that()
          .resideOutsideOfPackage(READER)
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.duckdb..")
          .because("others ask by LakeEvents or LakeQuery, so that the engine can be exchanged");

  @ArchTest
  static final ArchRule batchesAreDeterministic =
      noClasses()
          .that()
          .resideInAnyPackage(IN_BATCHES)
          .should()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(UUID.class, "randomUUID")
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(Random.class)
          .because(
              "a batch that is written again must give the same rows; take times from the Kafka"
                  + " record, ids from content, and pass a Clock where a report needs one");

  @ArchTest
  static final ArchRule namesSayWhatAThingIs =
      noClasses()
          .that()
          .resideInAPackage("io.tributary..")
          .should()
          .haveNameMatching(".*(Manager|Helper|Utils?|Impl)")
          .because("such a name hides what the class does; name it after its role");

  @ArchTest
  static final ArchRule nullIsMarked =
      classes()
          .that()
          .resideInAPackage("io.tributary..")
          .should(liveInANullMarkedPackage())
          .because(
              "NullAway checks marked packages only; add a package-info.java with @NullMarked");

  private static ArchCondition<JavaClass> liveInANullMarkedPackage() {
    return new ArchCondition<>("live in a package marked @NullMarked") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        boolean marked =
            type.getPackage()
                .tryGetPackageInfo()
                .map(info -> info.isAnnotatedWith(NullMarked.class))
                .orElse(false);
        events.add(
            new SimpleConditionEvent(
                type, marked, type.getName() + " lives in an unmarked package"));
      }
    };
  }
}
