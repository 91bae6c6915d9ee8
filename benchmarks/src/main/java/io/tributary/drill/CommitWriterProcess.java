package io.tributary.drill;

import io.tributary.lake.seam.Guard;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A {@link CommitWriter} in a JVM of its own, which lives for many rounds. */
final class CommitWriterProcess implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 30;

  private final Process process;
  private final WriterPhase phase;
  private final OutputStream orders;
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

  private CommitWriterProcess(Process process, WriterPhase phase) {
    this.process = process;
    this.phase = phase;
    this.orders = process.getOutputStream();
    Thread reader = new Thread(this::readAnswers, "answers-" + process.pid());
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * Starts one and waits until it takes orders.
   *
   * @param store the log store to use, null for ours
   * @param off a guard to switch off, or null
   */
  static CommitWriterProcess start(
      String name, Path home, @Nullable String store, @Nullable Guard off)
      throws IOException, InterruptedException, DrillFailedException {
    Path phaseFile = home.resolve(name + ".phase");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(CommitWriter.options(phaseFile, store, off));
    command.add("-cp");
    command.add(
        IntruderFolder.make(home, CommitWriter.Steps.class)
            + File.pathSeparator
            + System.getProperty("java.class.path"));
    command.add(CommitWriter.class.getName());
    CommitWriterProcess writer =
        new CommitWriterProcess(
            new ProcessBuilder(command).redirectError(home.resolve(name + ".log").toFile()).start(),
            new WriterPhase(phaseFile));
    if (!writer.answer().equals("ready")) {
      throw new DrillFailedException("Writer %s did not start. See its log.".formatted(name));
    }
    return writer;
  }

  private void readAnswers() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        answers.add(line);
      }
      answers.add("ended");
    } catch (IOException e) {
      answers.add("ended " + e.getMessage());
    }
  }

  /**
   * Has it open the table and commit.
   *
   * @param stopAt at which commit it stops itself right before that becomes visible; 0 never
   */
  void order(Path root, int batches, int records, int stopAt) throws IOException {
    orders.write(
        "%s %d %d %d\n".formatted(root, batches, records, stopAt).getBytes(StandardCharsets.UTF_8));
    orders.flush();
  }

  /** The next answer. */
  String answer() throws InterruptedException, DrillFailedException {
    String line = answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (line == null) {
      throw new DrillFailedException(
          "Writer %d has not answered for %d s. See its log."
              .formatted(process.pid(), PATIENCE_SECONDS));
    }
    return line;
  }

  /** All answers to the last order, without the {@code done} behind them. */
  List<String> answersUntilDone() throws InterruptedException, DrillFailedException {
    List<String> all = new ArrayList<>();
    for (String line = answer(); !line.equals("done"); line = answer()) {
      if (line.startsWith("ended")) {
        throw new DrillFailedException("Writer %d ended. See its log.".formatted(process.pid()));
      }
      all.add(line);
    }
    return all;
  }

  WriterPhase.Picture phase() {
    return phase.picture();
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
