package io.tributary.benchmark;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a process that measures one figure is told.
 *
 * @param kafka bootstrap servers
 * @param elasticsearch URL
 * @param warmUpTopic moved first, to a target of its own, so that the clock sees compiled code
 * @param topic moved under the clock
 * @param folder for lakes and checkpoints
 * @param indexPrefix in front of all index names
 * @param configuration of the streaming job, null for the shipped one
 * @param kafkaProcess process id of the broker, for its CPU time
 * @param elasticsearchProcess process id of the node
 * @param result where the process writes its {@link RunResult}
 */
record RunOrder(
    Figure figure,
    String kafka,
    String elasticsearch,
    String warmUpTopic,
    String topic,
    Path folder,
    String indexPrefix,
    @Nullable Path configuration,
    long kafkaProcess,
    long elasticsearchProcess,
    Path result) {

  Place warmUp() {
    return new Place(warmUpTopic, folder.resolve("warm-up"), indexPrefix + "w-");
  }

  Place measured() {
    return new Place(topic, folder.resolve("measured"), indexPrefix);
  }

  /** What is moved, and where to. */
  record Place(String topic, Path folder, String indexPrefix) {
    String lake() {
      return folder.resolve("lake").toUri().toString();
    }

    Path lakeFolder() {
      return folder.resolve("lake");
    }

    Path checkpoints() {
      return folder.resolve("checkpoints");
    }
  }
}
