package io.tributary.stack;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.stack.StackRecord.RecordedProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StackRecordTest {
  private final Path home;

  StackRecordTest(@TempDir Path home) {
    this.home = home;
  }

  @Test
  void whatIsWrittenIsRead() {
    RecordedProcess self = RecordedProcess.of(ProcessHandle.current());
    StackRecord record =
        new StackRecord(
            home,
            StackRecord.State.READY,
            "127.0.0.1:1",
            "http://127.0.0.1:2",
            self,
            self,
            new RecordedProcess(7, 8));

    record.write();

    assertThat(StackRecord.of(home)).contains(record);
  }

  @Test
  void aProcessOfTheSameIdThatStartedAtAnotherTimeIsAnother() {
    RecordedProcess self = RecordedProcess.of(ProcessHandle.current());
    RecordedProcess earlier = new RecordedProcess(self.pid(), self.startedMillis() - 1_000);

    assertThat(self.alive()).isPresent();
    assertThat(earlier.alive()).isEmpty();
  }

  @Test
  void aSpoiltRecordCountsAsNone() throws Exception {
    Files.writeString(home.resolve("local-stack.properties"), "state=ASLEEP\n");

    assertThat(StackRecord.of(home)).isEmpty();
    assertThat(StackStatus.of(home).state()).isEqualTo(StackStatus.State.STOPPED);
  }

  @Test
  void theStatusOfNothingIsStillJson() {
    assertThat(StackStatus.of(home).json())
        .isEqualTo("{\"home\":\"" + home + "\",\"state\":\"stopped\"}");
  }
}
