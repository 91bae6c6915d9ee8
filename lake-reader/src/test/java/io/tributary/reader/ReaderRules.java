package io.tributary.reader;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.tributary", importOptions = ImportOption.DoNotIncludeTests.class)
class ReaderRules {
  @ArchTest
  static final ArchRule readsWithoutSpark =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.spark..", "scala..", "io.tributary.lake..")
          .because(
              "the API reads the lake in its own small process; what needs Spark belongs into the"
                  + " module lake");

  @ArchTest
  static final ArchRule sqlStaysInside =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.tributary.reader")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.duckdb..", "io.delta.kernel..")
          .because("others ask by LakeEvents and LakeQuery, so that the engines can be exchanged");
}
