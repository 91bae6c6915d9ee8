package io.tributary.drill;

import io.tributary.produce.ProduceFailedException;
import io.tributary.stack.StackException;
import picocli.CommandLine;

/** The drill as a program. Exit codes: 0 passed, 1 failed or not valid, 2 wrong options. */
public final class FaultDrillMain {
  private FaultDrillMain() {}

  /** The program. */
  public static void main(String[] arguments) {
    int code =
        new CommandLine(new FaultDrillCommand())
            .setExecutionExceptionHandler(
                (failure, command, parsed) -> {
                  if (failure instanceof DrillFailedException
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
