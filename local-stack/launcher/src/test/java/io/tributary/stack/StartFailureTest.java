package io.tributary.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StartFailureTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "KafkaException: Failed to acquire lock on file .lock in /home/data | LOCKED",
        "failed to obtain node locks, tried [/home/data]                    | LOCKED",
        "java.net.BindException: Address already in use                     | PORT_TAKEN",
        "java.lang.OutOfMemoryError: Java heap space                        | MEMORY",
        "java.io.IOException: No space left on device                       | DISK_FULL",
        "java.nio.file.AccessDeniedException: /home/data                    | NOT_ALLOWED",
        "something nobody has seen yet                                      | UNKNOWN"
      })
  void theLogTellsWhy(String line, StartFailure expected) {
    assertThat(StartFailure.in(List.of("INFO starting", line))).isEqualTo(expected);
  }

  @Test
  void anEmptyLogTellsNothing() {
    assertThat(StartFailure.in(List.of())).isEqualTo(StartFailure.UNKNOWN);
  }
}
