package io.tributary.stack;

/** The one address that the servers listen on: they have no passwords. */
final class Loopback {
  static final String ADDRESS = "127.0.0.1";

  private Loopback() {}
}
