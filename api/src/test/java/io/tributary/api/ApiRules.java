package io.tributary.api;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may use whom inside the API. */
@AnalyzeClasses(packages = "io.tributary.api", importOptions = ImportOption.DoNotIncludeTests.class)
final class ApiRules {
  @ArchTest
  static final ArchRule apiNeverUsesSpark =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.spark..", "io.delta.spark..", "scala..")
          .because("the API starts in seconds without Spark; use lake-reader to read the lake");

  @ArchTest
  static final ArchRule onlyTheAdapterKnowsElasticsearch =
      classes()
          .that()
          .resideInAPackage("co.elastic..")
          .or()
          .resideInAPackage("org.elasticsearch..")
          .should()
          .onlyHaveDependentClassesThat()
          .resideInAnyPackage("io.tributary.api.elastic..", "co.elastic..", "org.elasticsearch..")
          .because("queries go through the ports of io.tributary.query; extend the adapter instead")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule resourcesAskPorts =
      noClasses()
          .that()
          .resideInAnyPackage("io.tributary.api.query..", "io.tributary.api.seed..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.tributary.api.elastic..", "io.tributary.api.collect..")
          .because("a resource takes EventCounts and EventSearch in its constructor");

  @ArchTest
  static final ArchRule nobodyMocksTime =
      noClasses()
          .should()
          .callMethod(System.class, "currentTimeMillis")
          .because("the wall clock comes as a java.time.Clock");

  @ArchTest
  static final ArchRule rolesDoNotDependOnEachOtherInCircles =
      slices().matching("io.tributary.api.(*)..").should().beFreeOfCycles();
}
