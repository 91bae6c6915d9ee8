package io.tributary.api.collect;

import io.dropwizard.lifecycle.Managed;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.jspecify.annotations.Nullable;

/** Kafka's admin client, made when it is first needed so that nothing has to be up before us. */
public final class KafkaAdministration implements Managed {
  private final Map<String, Object> settings;
  private @Nullable Admin admin;
  private boolean stopped;

  /** A client with these settings. */
  public KafkaAdministration(Map<String, Object> settings) {
    this.settings = Map.copyOf(settings);
  }

  /** The client; throws {@link KafkaException} when no address of the brokers can be resolved. */
  synchronized Admin open() {
    if (stopped) {
      throw new KafkaException("The API is stopping");
    }
    if (admin == null) {
      admin = Admin.create(settings);
    }
    return admin;
  }

  /** Waits for an answer; whatever goes wrong comes as a {@link KafkaException}. */
  static <T> T await(KafkaFuture<T> answer, Duration patience) {
    try {
      return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      answer.cancel(true);
      throw new org.apache.kafka.common.errors.TimeoutException(
          "Kafka did not answer in time", late);
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof KafkaException cause
          ? cause
          : new KafkaException("Cannot ask Kafka", failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new KafkaException("Interrupted", interrupted);
    }
  }

  @Override
  public void stop() {
    Admin last;
    synchronized (this) {
      stopped = true;
      last = admin;
      admin = null;
    }
    if (last != null) {
      last.close(Duration.ZERO);
    }
  }
}
