package io.tributary.lake.table;

import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/** Makes the engine of Delta Kernel through which every commit to the lake has to go. */
public final class LakeEngine {
  private static final String KERNEL_LOG_STORE = "io.delta.kernel.logStore.file.impl";

  private LakeEngine() {}

  /**
   * An engine whose commits on local files are safe beside a writer that was paused; a store that
   * the configuration names itself is kept.
   *
   * @param hadoop stays as it is
   */
  public static Engine create(Configuration hadoop) {
    Configuration own = new Configuration(hadoop);
    own.setIfUnset(KERNEL_LOG_STORE, LinkingLogStore.class.getName());
    return DefaultEngine.create(own);
  }

  /** What makes Spark's own Delta write local logs in the same way, and engines made from Spark. */
  public static Map<String, String> sparkOptions() {
    return Map.of(
        "spark.delta.logStore.file.impl",
        LinkingLogStore.class.getName(),
        "spark.hadoop." + KERNEL_LOG_STORE,
        LinkingLogStore.class.getName());
  }
}
