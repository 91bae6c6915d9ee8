package io.tributary.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class SharedLocalStackIT {
  /** Asks twice, says where the stack is, and ends. */
  static final class AsksTwice {
    private AsksTwice() {}

    public static void main(String[] arguments) {
      LocalStack first = SharedLocalStack.running();
      LocalStack second = SharedLocalStack.running();
      System.out.println(first == second);
      System.out.println(first.home());
      System.out.println(first.broker().pid());
      System.out.println(first.node().pid());
    }
  }

  @Test
  void oneStackServesAJvmAndGoesWithItDataAndAll() throws Exception {
    Path checkout = Path.of(System.getProperty("tributary.checkout"));
    Path target = checkout.resolve("local-stack/launcher/target");
    Process jvm =
        new ProcessBuilder(
                JavaProgram.path(),
                "-Dtributary.checkout=" + checkout,
                "-cp",
                target.resolve("classes") + ":" + target.resolve("test-classes"),
                AsksTwice.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<String> lines;
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(jvm.getInputStream(), StandardCharsets.UTF_8))) {
      lines = reader.lines().toList();
    }

    assertThat(jvm.waitFor()).isZero();
    assertThat(lines).hasSize(4).first().isEqualTo("true");
    assertThat(Path.of(lines.get(1))).doesNotExist();
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                assertThat(lines.subList(2, 4))
                    .noneMatch(
                        pid ->
                            ProcessHandle.of(Long.parseLong(pid))
                                .filter(ProcessHandle::isAlive)
                                .isPresent()));
  }
}
