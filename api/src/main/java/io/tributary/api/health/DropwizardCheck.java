package io.tributary.api.health;

import com.codahale.metrics.health.HealthCheck;
import java.time.Duration;

/** Shows one of our checks under Dropwizard's own {@code /healthcheck} too. */
public final class DropwizardCheck extends HealthCheck {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Check check;

  /** Runs this check. */
  public DropwizardCheck(Check check) {
    this.check = check;
  }

  @Override
  protected Result check() {
    Check.Result result = check.run(PATIENCE);
    return result.healthy() ? Result.healthy(result.detail()) : Result.unhealthy(result.detail());
  }
}
