package io.tributary.benchmark;

import java.util.List;

/** The middle of some figures. */
final class Median {
  private Median() {}

  /** Of at least one; the mean of both where two are in the middle. */
  static double of(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
