package io.tributary.lake.deduplication;

/** A day for which there was no memory: of each of its events the lake is asked. */
record UnknownDay(long events) implements KnownDay {
  @Override
  public long digest(long hash) {
    return SUSPECT;
  }

  @Override
  public void add(long hash, long digest) {}

  @Override
  public long bytes() {
    return 0;
  }
}
