package io.tributary.stack;

/** The two servers of a stack. */
enum Server {
  KAFKA("kafka"),
  ELASTICSEARCH("elasticsearch");

  private final String code;

  Server(String code) {
    this.code = code;
  }

  /** The name on the command line and in files. */
  String code() {
    return code;
  }
}
