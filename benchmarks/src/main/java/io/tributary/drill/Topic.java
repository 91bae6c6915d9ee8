package io.tributary.drill;

import io.tributary.produce.KafkaDestination;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** The topic of the drill: made, and made again. */
record Topic(String servers, String name, int partitions) {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int ANSWER_SECONDS = 15;

  /** Makes it if it is not there; gives its id. */
  String make() throws IOException, InterruptedException, DrillFailedException {
    KafkaDestination.prepareTopic(servers, name, partitions);
    try (Admin admin = admin()) {
      Await.until("the topic", LIMIT, () -> !id(admin).isEmpty());
      return id(admin);
    }
  }

  /** Deletes it and makes another one of its name; gives that one's id. */
  String makeAgain() throws IOException, InterruptedException, DrillFailedException {
    try (Admin admin = admin()) {
      String before = id(admin);
      admin.deleteTopics(List.of(name)).all().get(ANSWER_SECONDS, TimeUnit.SECONDS);
      // The job makes a topic that is missing, too: whoever is first.
      Await.until(
          "another topic",
          LIMIT,
          () -> {
            KafkaDestination.prepareTopic(servers, name, partitions);
            String now = id(admin);
            return !now.isEmpty() && !now.equals(before);
          });
      return id(admin);
    } catch (ExecutionException | TimeoutException e) {
      throw new DrillFailedException("Cannot delete topic %s: %s".formatted(name, e), e);
    }
  }

  private Admin admin() {
    return Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, servers));
  }

  private String id(Admin admin) throws IOException, InterruptedException {
    try {
      return admin
          .describeTopics(List.of(name))
          .allTopicNames()
          .get(ANSWER_SECONDS, TimeUnit.SECONDS)
          .values()
          .stream()
          .map(description -> description.topicId().toString())
          .findFirst()
          .orElse("");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return "";
      }
      throw new IOException("Cannot describe topic " + name, e);
    } catch (TimeoutException e) {
      throw new IOException("Kafka does not describe topic " + name, e);
    }
  }
}
