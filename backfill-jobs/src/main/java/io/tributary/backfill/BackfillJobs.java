package io.tributary.backfill;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The batch jobs as a program: a subcommand each. */
@Command(
    name = "backfill-jobs",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "JOB",
    description =
        "Jobs that import, compare and repair history, beside a running stream or without.",
    subcommands = {AuditCommand.class, ReindexCommand.class, ImportCommand.class})
public final class BackfillJobs {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;

  /** The program. Exit codes: 0 done, 1 failed or differences found, 2 usage or configuration. */
  public static void main(String[] arguments) {
    // Always: threads of Spark would keep the process alive; its own hook ends the session.
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return new CommandLine(new BackfillJobs());
  }
}
