package io.tributary.lake.table;

/** Another job has taken over the lake; this one must not write any more. */
public final class FencedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  FencedException(String table, long version, Writer successor) {
    super(
        "Cannot go on writing to %s: another streaming job took it over in version %d (%s). One lake has one streaming job; stop one of the two, or give this one another lake.root."
            .formatted(table, version, successor));
  }
}
