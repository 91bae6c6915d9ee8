package io.tributary.benchmark;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs a program of this class path in a JVM of its own. */
final class ChildJvm {
  private ChildJvm() {}

  /**
   * Runs it to its end; it dies with this JVM.
   *
   * @param heap largest heap as the JVM writes it
   * @param folder its working directory
   * @param log where its output goes
   */
  static void run(String heap, Class<?> program, List<String> arguments, Path folder, Path log)
      throws IOException, InterruptedException, BenchmarkFailedException {
    Files.createDirectories(folder);
    Files.createDirectories(log.toAbsolutePath().getParent());
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> !option.startsWith("-Xm"))
        .forEach(command::add);
    command.addAll(
        List.of("-Xmx" + heap, "-cp", System.getProperty("java.class.path"), program.getName()));
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    Thread stop = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(stop);
    int code = process.waitFor();
    Runtime.getRuntime().removeShutdownHook(stop);
    if (code != 0) {
      throw new BenchmarkFailedException(
          "Cannot measure: %s ended with %d. Its last lines:%n%s%nThe whole log is %s."
              .formatted(program.getSimpleName(), code, tail(log), log));
    }
  }

  private static String tail(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log);
    return String.join(
        System.lineSeparator(), lines.subList(Math.max(0, lines.size() - 15), lines.size()));
  }
}
