package io.tributary.lake.table;

/**
 * A file of letters or duplicates that belongs to a batch.
 *
 * @param partition of the table, as its layout counts them
 * @param name of the file in the folder of the partition; no two files have one name
 */
public record SetAside(long partition, String name) {
  /** What is kept of a file that was written. */
  public static SetAside of(WrittenFile file) {
    return new SetAside(file.partition(), nameOf(file.path()));
  }

  static String nameOf(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
