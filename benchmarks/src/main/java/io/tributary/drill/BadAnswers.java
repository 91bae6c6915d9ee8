package io.tributary.drill;

import io.tributary.drill.ElasticsearchProxy.Mode;
import java.io.IOException;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** Elasticsearch answers bulk requests badly for some seconds. */
record BadAnswers(Mode mode) implements Fault {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final long LONGEST_MILLIS = 6_000;

  @Override
  public String name() {
    return "bulk-" + Fault.code(mode);
  }

  @Override
  public Strike strike(Arena arena, SplittableRandom random)
      throws IOException, InterruptedException, DrillFailedException {
    arena.working();
    ElasticsearchProxy proxy = arena.proxy();
    proxy.answer(mode);
    boolean happened;
    try {
      happened = Await.holds(LIMIT, () -> proxy.documents() > 0);
      TimeUnit.MILLISECONDS.sleep(random.nextLong(LONGEST_MILLIS));
    } finally {
      // The counters stay readable: they begin again with the next bad answers only.
      proxy.beHonest();
    }
    return happened
        ? Strike.proven(
            "%d bulk requests answered so".formatted(proxy.misbehaved()), proxy.documents())
        : Strike.missed("no bulk request came");
  }
}
