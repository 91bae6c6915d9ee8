package io.tributary.reader;

import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.tributary.layout.LakeLayout;
import org.apache.hadoop.conf.Configuration;

/**
 * A lake, known by its root. Opening one touches no file: a missing table is an error of the
 * question that needs it, so a reader may start before the first writer. Thread-safe; close it to
 * free DuckDB's memory.
 */
public final class Lake implements AutoCloseable {
  private final String root;
  private final Engine engine;
  private final Duck duck;

  private Lake(String root, Engine engine, Duck duck) {
    this.root = root;
    this.engine = engine;
    this.duck = duck;
  }

  /**
   * A lake with {@link ReaderSettings#small()}.
   *
   * @param root a path or a Hadoop file system URI of the folder that holds the tables
   */
  public static Lake open(String root) {
    return open(root, ReaderSettings.small());
  }

  /** A lake with these settings, default Hadoop configuration. */
  public static Lake open(String root, ReaderSettings settings) {
    return open(root, settings, new Configuration());
  }

  /** A lake whose file system needs a configuration of its own, for example credentials. */
  public static Lake open(String root, ReaderSettings settings, Configuration hadoop) {
    return new Lake(root, DefaultEngine.create(hadoop), new Duck(settings));
  }

  /** The root as given. */
  public String root() {
    return root;
  }

  /** A table by its name under the root; it need not exist yet. */
  public LakeTable table(String name) {
    return new LakeTable(LakeLayout.table(root, name), engine, duck);
  }

  /** The events, with the questions that the query ports ask. */
  public LakeEvents events() {
    return new LakeEvents(table(LakeLayout.EVENTS));
  }

  @Override
  public void close() {
    duck.close();
  }
}
