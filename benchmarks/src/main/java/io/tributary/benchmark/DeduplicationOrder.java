package io.tributary.benchmark;

import java.nio.file.Path;

/**
 * What a process that measures deduplication is told.
 *
 * @param kafka bootstrap servers
 * @param topic what is moved; nobody writes to it any more
 * @param newEvents how many of its records are rows in the end
 * @param dayRows rows that the day, and each of the cold days, has before
 * @param coldDays earlier days over which some events come late
 * @param batches batches of a round
 * @param rounds rounds that count, after one that does not
 * @param remembered as {@code lake.remembered-events}
 * @param folder for lakes
 * @param result where the process writes its {@link DeduplicationResult}
 */
record DeduplicationOrder(
    String kafka,
    String topic,
    long newEvents,
    long dayRows,
    int coldDays,
    int batches,
    int rounds,
    long remembered,
    Path folder,
    Path result) {

  int batchesOfAllRounds() {
    return (rounds + 1) * batches;
  }

  String lake(String name) {
    return folder.resolve(name).toUri().toString();
  }
}
