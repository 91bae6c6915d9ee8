package io.tributary.drill;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * The built streaming job with an intruder on its class path, as it is started again and again. All
 * of the class path are jars, so that the JVM can keep the classes of one run in an archive, from
 * which every later start has them without reading and checking them again.
 */
final class JobProgram {
  private final Path home;
  private final Path configuration;
  private final Path archive;
  private final String classPath;
  private final List<String> opens;

  private JobProgram(Path home, Path configuration, String classPath, List<String> opens) {
    this.home = home;
    this.configuration = configuration;
    this.archive = home.resolve("job.jsa");
    this.classPath = classPath;
    this.opens = opens;
  }

  /** Packs what is built; starts nothing. */
  static JobProgram prepare(Path home, Path configuration)
      throws IOException, DrillFailedException {
    Path checkout = checkout();
    Path intruder = IntruderFolder.make(home, OrderedIntruder.class);
    String classPath =
        String.join(
            File.pathSeparator,
            packed(intruder, home.resolve("intruder.jar")).toString(),
            packed(
                    checkout.resolve("streaming-aggregator/target/classes"),
                    home.resolve("streaming-aggregator.jar"))
                .toString(),
            built(checkout, "classpath.txt"),
            built(checkout, "provided-classpath.txt"),
            packed(checkout.resolve("benchmarks/target/classes"), home.resolve("benchmarks.jar"))
                .toString());
    return new JobProgram(home, configuration, classPath, opens(checkout));
  }

  /**
   * Starts it.
   *
   * @param name of its log and of the folder with its order
   */
  JobProcess start(String name, Order order) throws IOException {
    return start(
        name,
        order,
        Files.exists(archive) ? List.of("-XX:SharedArchiveFile=" + archive) : List.of());
  }

  /** Starts it without an order; when it ends by SIGTERM it writes its classes to the archive. */
  JobProcess startToArchive(String name, Order order) throws IOException {
    return start(name, order, List.of("-XX:ArchiveClassesAtExit=" + archive));
  }

  /** Whether there is an archive now. */
  boolean isArchived() {
    return Files.exists(archive);
  }

  private JobProcess start(String name, Order order, List<String> sharing) throws IOException {
    Path orders = home.resolve("orders").resolve(name);
    order.give(orders);
    Path log = home.resolve("logs").resolve(name + ".log");
    Files.createDirectories(home.resolve("logs"));
    Path scratch = Files.createDirectories(home.resolve("scratch"));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(opens);
    // It lives for seconds: starting fast is worth more than running fast. Room enough that a start
    // does without collecting garbage, which it would do each time the classes need more space.
    command.addAll(
        List.of(
            "-Xms768m",
            "-Xmn512m",
            "-Xmx1g",
            "-XX:MetaspaceSize=512m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC"));
    command.addAll(sharing);
    // A process that is killed leaves its scratch files where they are: here they go with the home.
    command.add("-Djava.io.tmpdir=" + scratch);
    command.add("-D" + OrderedIntruder.FOLDER + "=" + orders);
    command.add("-Dtributary.checkout=" + checkout());
    command.addAll(List.of("-cp", classPath, "io.tributary.streaming.StreamingAggregator"));
    command.addAll(List.of("--config", configuration.toString()));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().put("TRIBUTARY_HOME", home.toString());
    return new JobProcess(builder.start(), log, orders);
  }

  private static Path checkout() {
    return Path.of(System.getProperty("tributary.checkout"));
  }

  private static List<String> opens(Path checkout) throws IOException {
    String pom = Files.readString(checkout.resolve("pom.xml"));
    int from = pom.indexOf("<spark.opens>") + "<spark.opens>".length();
    return List.of(pom.substring(from, pom.indexOf("</spark.opens>", from)).strip().split("\\s+"));
  }

  private static String built(Path checkout, String file) throws IOException, DrillFailedException {
    Path path = checkout.resolve("streaming-aggregator/target").resolve(file);
    if (!Files.exists(path)) {
      throw new DrillFailedException(
          "Cannot run the streaming job: it has not been built (no %s). Run scripts/build first."
              .formatted(path));
    }
    return Files.readString(path).strip();
  }

  private static Path packed(Path folder, Path jar) throws IOException {
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out);
        Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        String name = folder.relativize(file).toString().replace(File.separatorChar, '/');
        entries.putNextEntry(new JarEntry(name));
        Files.copy(file, entries);
        entries.closeEntry();
      }
    }
    return jar;
  }
}
