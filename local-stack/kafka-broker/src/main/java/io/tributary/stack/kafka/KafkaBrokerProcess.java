package io.tributary.stack.kafka;

import io.tributary.stack.process.ParentWatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import kafka.Kafka;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;

/** Runs a Kafka broker and controller until SIGTERM or until the parent process is gone. */
public final class KafkaBrokerProcess {
  private KafkaBrokerProcess() {}

  /**
   * One argument: the path of the server's properties. Formats the storage when it is empty; the
   * cluster's id is kept beside the properties.
   */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 1) {
      System.err.println("Usage: KafkaBrokerProcess SERVER_PROPERTIES");
      System.exit(2);
    }
    ParentWatch.on(System.in);
    String[] format = {
      "format",
      "--ignore-formatted",
      "--cluster-id",
      clusterId(Path.of(arguments[0]).resolveSibling("cluster-id")),
      "--config",
      arguments[0]
    };
    int formatted = StorageTool.execute(format, System.out);
    if (formatted != 0) {
      System.exit(formatted);
    }
    Kafka.main(arguments);
  }

  /**
   * The id is chosen before the storage is formatted, so that a format cut short by a crash is
   * finished with the same id at the next start.
   */
  private static String clusterId(Path file) throws IOException {
    if (!Files.exists(file)) {
      Files.writeString(file, Uuid.randomUuid() + "\n");
    }
    return Files.readString(file).strip();
  }
}
