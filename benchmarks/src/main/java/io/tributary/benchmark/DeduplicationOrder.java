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
 * @param batch records of a batch
 * @param batches batches that count
 * @param warmUp batches before them
 * @param remembered as {@code lake.remembered-events}
 * @param folder for lakes and the checkpoint
 * @param result where the process writes its {@link DeduplicationResult}
 */
record DeduplicationOrder(
    String kafka,
    String topic,
    long newEvents,
    long dayRows,
    int coldDays,
    int batch,
    int batches,
    int warmUp,
    long remembered,
    Path folder,
    Path result) {

  Path checkpoint() {
    return folder.resolve("checkpoint");
  }

  String lake(String name) {
    return folder.resolve(name).toUri().toString();
  }
}
