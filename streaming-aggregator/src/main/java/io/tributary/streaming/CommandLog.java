package io.tributary.streaming;

import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;

/** What is logged while a command for people runs. */
final class CommandLog {
  private CommandLog() {}

  /**
   * Leaves it to the command to say that a server does not answer, once, with the remedy. The
   * clients of the servers would say it before, at every try; in the log of the job that is right.
   */
  static void keepToOwnSentences() {
    Configurator.setLevel("org.apache.kafka", Level.ERROR);
  }
}
