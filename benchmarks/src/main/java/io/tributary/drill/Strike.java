package io.tributary.drill;

/**
 * What a fault did.
 *
 * @param happened whether it can be proven that it did
 * @param proof how, for people
 * @param inFlight records that were sent and not yet in the lake, or not yet in the index
 */
record Strike(boolean happened, String proof, long inFlight) {
  static Strike proven(String proof, long inFlight) {
    return new Strike(true, proof, inFlight);
  }

  static Strike missed(String why) {
    return new Strike(false, why, 0);
  }

  boolean isValid() {
    return happened && inFlight > 0;
  }
}
