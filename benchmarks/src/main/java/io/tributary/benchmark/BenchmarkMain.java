package io.tributary.benchmark;

import io.tributary.produce.ProduceFailedException;
import io.tributary.stack.StackException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The benchmarks as a program. Exit codes: 0 done, 1 failed or not valid, 2 wrong options. */
@Command(
    name = "benchmark",
    mixinStandardHelpOptions = true,
    description = "Measures the pipeline, or a part of it.",
    subcommands = {PipelineCommand.class, FreshnessCommand.class, DeduplicationCommand.class})
public final class BenchmarkMain {
  /** The program. */
  public static void main(String[] arguments) {
    int code =
        new CommandLine(new BenchmarkMain())
            .setExecutionExceptionHandler(
                (failure, command, parsed) -> {
                  // These say what failed, why, and what to do; a stack trace would bury it.
                  if (failure instanceof BenchmarkFailedException
                      || failure instanceof ProduceFailedException
                      || failure instanceof StackException) {
                    command.getErr().println(failure.getMessage());
                    return 1;
                  }
                  throw failure;
                })
            .execute(arguments);
    System.exit(code);
  }
}
