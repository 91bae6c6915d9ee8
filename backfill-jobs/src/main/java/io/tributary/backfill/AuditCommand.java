package io.tributary.backfill;

import io.tributary.lake.audit.AuditOrder.Closeness;
import io.tributary.lake.audit.AuditOrder.Remedy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares the index with the lake. */
@Command(
    name = "audit",
    mixinStandardHelpOptions = true,
    description =
        "Compares the index with the lake and names every document that is missing, extra or"
            + " altered. Exit code 1 when something differs and is not repaired.")
final class AuditCommand extends JobCommand {
  @Mixin private final Hours hours = new Hours();

  @Option(
      names = "--repair",
      description =
          "Make the index equal to the lake: missing documents are made, altered ones replaced,"
              + " extra ones deleted.")
  private boolean repair;

  @Option(
      names = "--digests-only",
      description =
          "Compare counts and stored digests, and read no document whose hour agrees: fast, but"
              + " a text that was changed beside an untouched digest stays unseen.")
  private boolean digestsOnly;

  @Override
  Job job() {
    return new AuditJob(
        hours.range(this),
        digestsOnly ? Closeness.DIGESTS : Closeness.CONTENTS,
        repair ? Remedy.REPAIRED : Remedy.NAMED);
  }
}
