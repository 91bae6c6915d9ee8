package io.tributary.streaming;

import com.google.common.util.concurrent.Uninterruptibles;
import io.tributary.lake.seam.Guard;
import io.tributary.lake.seam.Intruder;
import io.tributary.lake.seam.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Lets the running job fail once at a step: by an exception where a test of this JVM asks for it,
 * by SIGKILL in a process that was started with {@link #killAt}.
 */
public final class StepFault implements Intruder {
  private static final String KILL_AT = "tributary.test.kill-at";
  private static final String KILL_AT_PASSING = "tributary.test.kill-at-passing";
  private static final String STRUCK_FILE = "tributary.test.struck";
  private static final AtomicReference<@Nullable Step> ARMED = new AtomicReference<>();
  private static final AtomicReference<@Nullable Struck> STRUCK = new AtomicReference<>();
  private static final AtomicReference<@Nullable Meanwhile> MEANWHILE = new AtomicReference<>();
  private static final AtomicInteger PASSINGS = new AtomicInteger();

  /** A fault that happened, with how many records the step says are in flight. */
  record Struck(Step step, long records) {}

  /** Called by the service loader. */
  public StepFault() {}

  /** The next passing of the step fails. */
  static void arm(Step step) {
    STRUCK.set(null);
    ARMED.set(step);
  }

  private record Meanwhile(Step step, Thread thread) {}

  /** The job waits at the next passing of the step until this is done, whoever interrupts it. */
  static void meanwhile(Step step, Runnable action) {
    MEANWHILE.set(new Meanwhile(step, new Thread(action, "meanwhile")));
  }

  /** Nothing fails any more, and the job waits for nothing. */
  static void disarm() {
    MEANWHILE.set(null);
    ARMED.set(null);
  }

  /** What has failed since {@link #arm}; null when nothing has. */
  static @Nullable Struck struck() {
    return STRUCK.get();
  }

  /** Options of a JVM that is to be killed. */
  static String[] killAt(Step step, int passing, Path struckFile) {
    return new String[] {
      "-D%s=%s".formatted(KILL_AT, step),
      "-D%s=%d".formatted(KILL_AT_PASSING, passing),
      "-D%s=%s".formatted(STRUCK_FILE, struckFile)
    };
  }

  @Override
  public void passed(Step step, long records) {
    if (step.name().equals(System.getProperty(KILL_AT))) {
      killAtPassing(records);
    }
    Meanwhile meanwhile = MEANWHILE.get();
    if (meanwhile != null && meanwhile.step == step && MEANWHILE.compareAndSet(meanwhile, null)) {
      meanwhile.thread.start();
      Uninterruptibles.joinUninterruptibly(meanwhile.thread);
    }
    if (ARMED.compareAndSet(step, null)) {
      STRUCK.set(new Struck(step, records));
      throw new IllegalStateException("A test lets " + step + " fail.");
    }
  }

  private static void killAtPassing(long records) {
    if (PASSINGS.incrementAndGet() != Integer.getInteger(KILL_AT_PASSING)) {
      return;
    }
    try {
      Files.writeString(Path.of(System.getProperty(STRUCK_FILE)), Long.toString(records));
      new ProcessBuilder("sh", "-c", "kill -KILL " + ProcessHandle.current().pid()).start();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    while (true) {
      LockSupport.park();
    }
  }

  @Override
  public boolean isOff(Guard guard) {
    return false;
  }
}
