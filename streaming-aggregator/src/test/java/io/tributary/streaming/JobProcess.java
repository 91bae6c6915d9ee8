package io.tributary.streaming;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The program as a process of its own. */
final class JobProcess {
  /**
   * It lives for seconds: starting fast is worth more than running fast. With this much space for
   * classes a start does without the collections that it would make each time it needs more.
   */
  private static final List<String> QUICKLY =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:MetaspaceSize=256m");

  private JobProcess() {}

  /**
   * Starts it, with the options that this JVM got for Spark.
   *
   * @param jvmOptions the heap at least
   * @param classPath of the program, with or without what is for tests
   * @param log what it says
   */
  static Process start(List<String> jvmOptions, String classPath, Path log, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-") || argument.startsWith("-Duser.timezone"))
        .forEach(command::add);
    command.addAll(QUICKLY);
    command.addAll(jvmOptions);
    command.addAll(List.of("-cp", classPath, StreamingAggregator.class.getName()));
    command.addAll(arguments);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }
}
