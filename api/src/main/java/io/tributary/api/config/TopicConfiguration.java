package io.tributary.api.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.util.DataSize;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MinDataSize;
import io.dropwizard.validation.ValidationMethod;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The topic that events are appended to, and how it is made when it is not there.
 *
 * @param retention a duration, or {@code forever}
 * @param maxMessageBytes larger than the largest event, so that one which is too large arrives and
 *     becomes a dead letter
 */
public record TopicConfiguration(
    @Pattern(regexp = "[a-zA-Z0-9._-]{1,249}") @JsonProperty("name") String name,
    @Min(1) @JsonProperty("partitions") int partitions,
    @Min(1) @Max(Short.MAX_VALUE) @JsonProperty("replication") int replication,
    @JsonProperty("retention") String retention,
    @MinDataSize(1_200_000) @JsonProperty("max-message-bytes") DataSize maxMessageBytes) {
  private static final String FOREVER = "forever";

  /** Takes what the file says; what it leaves out gets its default. */
  @JsonCreator
  public static TopicConfiguration of(
      @JsonProperty("name") @Nullable String name,
      @JsonProperty("partitions") @Nullable Integer partitions,
      @JsonProperty("replication") @Nullable Integer replication,
      @JsonProperty("retention") @Nullable String retention,
      @JsonProperty("max-message-bytes") @Nullable DataSize maxMessageBytes) {
    return new TopicConfiguration(
        Objects.requireNonNullElse(name, "events"),
        Objects.requireNonNullElse(partitions, 4),
        Objects.requireNonNullElse(replication, 1),
        Objects.requireNonNullElse(retention, "7 days"),
        Objects.requireNonNullElse(maxMessageBytes, DataSize.mebibytes(4)));
  }

  /** Kafka's {@code retention.ms}: -1 for ever. */
  public long retentionMillis() {
    return retention.equals(FOREVER) ? -1 : Duration.parse(retention).toMilliseconds();
  }

  /** Checked by the loader. */
  @ValidationMethod(message = "retention must be a duration like \"7 days\", or \"forever\"")
  public boolean isRetentionReadable() {
    try {
      return retentionMillis() != 0;
    } catch (IllegalArgumentException notADuration) {
      return false;
    }
  }
}
