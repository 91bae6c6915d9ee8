package io.tributary.stack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs the command line in a JVM of its own, as the script does. */
final class StackCommand {
  private final Path home;

  StackCommand(Path home) {
    this.home = home;
  }

  record Answer(int exitCode, String output, String errors) {}

  /** Runs to the end. */
  Answer run(String... words) throws IOException, InterruptedException {
    Process process = start(words);
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Answer(process.waitFor(), output, errors);
  }

  /** Starts and leaves it running. */
  Process start(String... words) throws IOException {
    Path checkout = Path.of(System.getProperty("tributary.checkout"));
    List<String> command = new ArrayList<>();
    command.add(JavaProgram.path());
    command.add("-Xmx64m");
    command.add("-Dtributary.checkout=" + checkout);
    command.add("-cp");
    command.add(checkout.resolve("local-stack/launcher/target/classes").toString());
    command.add(LocalStackMain.class.getName());
    command.addAll(List.of(words));
    command.add("--home");
    command.add(home.toString());
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("TRIBUTARY_"));
    return builder.start();
  }
}
