package io.tributary.api.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MinDuration;
import jakarta.validation.constraints.NotBlank;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How the broker is reached.
 *
 * @param bootstrapServers {@code host:port}, several separated by commas
 * @param deliveryTimeout how long a request waits at most for Kafka to acknowledge its events
 * @param properties settings of Kafka's own clients, for example its {@code security.protocol}
 */
public record KafkaConfiguration(
    @NotBlank @JsonProperty("bootstrap-servers") String bootstrapServers,
    @MinDuration(value = 1, unit = TimeUnit.SECONDS) @JsonProperty("delivery-timeout")
        Duration deliveryTimeout,
    @JsonProperty("properties") Map<String, String> properties) {
  /** Takes what the file says; what it leaves out gets its default. */
  @JsonCreator
  public static KafkaConfiguration of(
      @JsonProperty("bootstrap-servers") @Nullable String bootstrapServers,
      @JsonProperty("delivery-timeout") @Nullable Duration deliveryTimeout,
      @JsonProperty("properties") @Nullable Map<String, String> properties) {
    return new KafkaConfiguration(
        Objects.requireNonNullElse(bootstrapServers, "127.0.0.1:9092"),
        Objects.requireNonNullElse(deliveryTimeout, Duration.seconds(10)),
        properties == null ? Map.of() : Map.copyOf(properties));
  }

  /** Without the values of {@code properties}, which may be secrets. */
  @Override
  public String toString() {
    return "KafkaConfiguration[bootstrapServers=%s, deliveryTimeout=%s, properties=%s]"
        .formatted(bootstrapServers, deliveryTimeout, properties.keySet());
  }
}
