package io.tributary.stack;

import java.util.Map;

/**
 * What one server is started with.
 *
 * @param port its port on 127.0.0.1; 0 for the one its data used before, or a free one
 * @param heap its largest heap as the JVM writes it, {@code 512m}
 * @param settings its own settings, on top of ours
 */
public record ServerOptions(int port, String heap, Map<String, String> settings) {

  /** Checks the port. */
  public ServerOptions {
    if (port < 0 || port > 65_535) {
      throw new StackException(
          "Invalid port: " + port + " (must be 0 for any free port, or 1 to 65535)");
    }
    settings = Map.copyOf(settings);
  }

  ServerOptions withPort(int other) {
    return new ServerOptions(other, heap, settings);
  }

  ServerOptions withHeap(String other) {
    return new ServerOptions(port, other, settings);
  }

  ServerOptions withSettings(Map<String, String> other) {
    return new ServerOptions(port, heap, other);
  }
}
