package io.tributary.lake.deduplication;

import it.unimi.dsi.fastutil.HashCommon;

/** Day and hash of an id in 64 bits: what identities of one batch are first told apart by. */
final class IdentityKey {
  private IdentityKey() {}

  static long of(int day, long hash) {
    return HashCommon.mix(hash + HashCommon.mix((long) day));
  }
}
