package io.tributary.lake.deduplication;

/** What is kept in memory of the identities that the lake holds of one UTC day. */
sealed interface KnownDay permits ExactDay, FilteredDay, UnknownDay {
  /** The lake has no event under this hash: no digest is negative. */
  long NEW = -1;

  /** The lake may have events under this hash; only the lake can tell. */
  long SUSPECT = -2;

  /** The digest under a hash, {@link #NEW} or {@link #SUSPECT}. */
  long digest(long hash);

  /** Brings what {@link #digest} reads first into the processor's cache; any number. */
  default long touch(long hash) {
    return 0;
  }

  /**
   * Adds an event of the lake. Different threads may do so at the same time for hashes that differ
   * in their last bits ({@link Shard}), and no thread asks meanwhile.
   */
  void add(long hash, long digest);

  /** How many events are known. */
  long events();

  /** How much memory it takes, in bytes. */
  long bytes();
}
