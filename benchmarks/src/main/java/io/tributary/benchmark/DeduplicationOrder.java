package io.tributary.benchmark;

import java.nio.file.Path;

/**
 * What a process that measures deduplication is told.
 *
 * @param dayRows rows that the day, and each of the cold days, has before
 * @param coldDays earlier days over which some events come late
 * @param batch records of a batch
 * @param batches batches of a round
 * @param remembered as {@code lake.remembered-events}
 * @param folder for lakes and records
 * @param result where the process writes its {@link DeduplicationResult}
 */
record DeduplicationOrder(
    long dayRows,
    int coldDays,
    int batch,
    int batches,
    int rounds,
    long remembered,
    Path folder,
    Path result) {

  /** A round of each sink is not counted. */
  int batchesOfAllRounds() {
    return (rounds + 1) * batches;
  }

  String records() {
    return folder.resolve("records").toString();
  }

  String lake(String name) {
    return folder.resolve(name).toUri().toString();
  }
}
