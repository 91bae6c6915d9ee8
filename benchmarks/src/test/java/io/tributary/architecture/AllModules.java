package io.tributary.architecture;

import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.LocationProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The classes of every module as they were built, on this class path or not: the API is not, so
 * that its web server stays away from Spark.
 */
public final class AllModules implements LocationProvider {
  private static final List<String> MODULES =
      List.of(
          "event-model",
          "lake",
          "lake-reader",
          "streaming-aggregator",
          "backfill-jobs",
          "api",
          "local-stack/launcher",
          "benchmarks");

  @Override
  public Set<Location> get(Class<?> testClass) {
    Path checkout = Path.of(System.getProperty("tributary.checkout", ".."));
    return MODULES.stream()
        .map(module -> checkout.resolve(module).resolve("target/classes"))
        .filter(Files::isDirectory)
        .map(Location::of)
        .collect(Collectors.toSet());
  }
}
