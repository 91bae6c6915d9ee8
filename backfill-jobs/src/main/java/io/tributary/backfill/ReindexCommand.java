package io.tributary.backfill;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Makes documents again from the rows of the lake. */
@Command(
    name = "reindex",
    mixinStandardHelpOptions = true,
    description =
        "Writes the lake's events into their day indices again, newest hours first; documents that"
            + " are there are replaced. Start it again at any time: what is done changes nothing.")
final class ReindexCommand extends JobCommand {
  @Mixin private final Hours hours = new Hours();

  @Override
  Job job() {
    return new ReindexJob(hours.range(this));
  }
}
