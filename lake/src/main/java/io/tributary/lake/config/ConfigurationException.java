package io.tributary.lake.config;

import java.util.List;

/** A configuration that cannot be used: every problem found, not only the first. */
public final class ConfigurationException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient List<String> problems;

  public ConfigurationException(String source, List<String> problems) {
    super(
        "Cannot use the configuration %s: %d %s.%n  - %s"
            .formatted(
                source,
                problems.size(),
                problems.size() == 1 ? "problem" : "problems",
                String.join(System.lineSeparator() + "  - ", problems)));
    this.problems = List.copyOf(problems);
  }

  /** One sentence a problem, each naming its key. */
  public List<String> problems() {
    return problems;
  }
}
