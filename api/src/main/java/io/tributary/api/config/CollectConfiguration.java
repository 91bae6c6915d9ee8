package io.tributary.api.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.util.DataSize;
import io.dropwizard.validation.MinDataSize;
import io.dropwizard.validation.ValidationMethod;
import jakarta.validation.constraints.Min;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How much is taken in at once.
 *
 * @param maxBodyBytes the largest body after inflation
 * @param maxEvents the most events of one request
 * @param maxBytesInFlight what all requests together may hold; beyond it clients are asked to wait
 * @param bufferBytes what may wait in memory for Kafka
 */
public record CollectConfiguration(
    @MinDataSize(1_024) @JsonProperty("max-body-bytes") DataSize maxBodyBytes,
    @Min(1) @JsonProperty("max-events") int maxEvents,
    @MinDataSize(1_024) @JsonProperty("max-bytes-in-flight") DataSize maxBytesInFlight,
    @MinDataSize(4_194_304) @JsonProperty("buffer-bytes") DataSize bufferBytes) {
  /** Takes what the file says; what it leaves out gets its default. */
  @JsonCreator
  public static CollectConfiguration of(
      @JsonProperty("max-body-bytes") @Nullable DataSize maxBodyBytes,
      @JsonProperty("max-events") @Nullable Integer maxEvents,
      @JsonProperty("max-bytes-in-flight") @Nullable DataSize maxBytesInFlight,
      @JsonProperty("buffer-bytes") @Nullable DataSize bufferBytes) {
    return new CollectConfiguration(
        Objects.requireNonNullElse(maxBodyBytes, DataSize.mebibytes(10)),
        Objects.requireNonNullElse(maxEvents, 10_000),
        Objects.requireNonNullElse(maxBytesInFlight, DataSize.mebibytes(64)),
        Objects.requireNonNullElse(bufferBytes, DataSize.mebibytes(32)));
  }

  /** Checked by the loader. */
  @ValidationMethod(message = "max-bytes-in-flight must be at least max-body-bytes")
  public boolean isOneBodyAdmitted() {
    return maxBytesInFlight.toBytes() >= maxBodyBytes.toBytes();
  }
}
