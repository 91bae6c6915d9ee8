package io.tributary.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortsTest {
  private final Path folder;

  PortsTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void aChosenPortIsKeptForTheNextStart() {
    Path file = folder.resolve("port");

    int first = Ports.choose("Kafka", 0, file);

    assertThat(Ports.choose("Kafka", 0, file)).isEqualTo(first);
  }

  @Test
  void aKeptPortThatIsTakenIsReplacedByAFreeOne() throws Exception {
    Path file = folder.resolve("port");
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Files.writeString(file, taken.getLocalPort() + "\n");

      int chosen = Ports.choose("Kafka", 0, file);

      assertThat(chosen).isNotEqualTo(taken.getLocalPort());
      assertThat(Ports.kept(file)).isEqualTo(chosen);
    }
  }

  @Test
  void aNamedPortThatIsTakenIsRefusedAndNotKept() throws Exception {
    Path file = folder.resolve("port");
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> Ports.choose("Kafka", taken.getLocalPort(), file))
          .isInstanceOf(StackException.class)
          .hasMessageStartingWith(
              "Cannot start Kafka: port " + taken.getLocalPort() + " on 127.0.0.1 is taken");
    }
    assertThat(file).doesNotExist();
  }

  @Test
  void aSpoiltPortFileIsNoReasonNotToStart() throws Exception {
    Path file = Files.writeString(folder.resolve("port"), "spoilt");

    assertThat(Ports.choose("Kafka", 0, file)).isPositive();
  }
}
