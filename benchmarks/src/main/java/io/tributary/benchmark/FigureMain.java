package io.tributary.benchmark;

import java.nio.file.Path;

/** The process that measures one figure once: a warm-up, then the clock. */
final class FigureMain {
  private FigureMain() {}

  /**
   * The program.
   *
   * @param arguments the file of the {@link RunOrder}
   */
  public static void main(String[] arguments) throws Exception {
    RunOrder order = Json.read(Path.of(arguments[0]), RunOrder.class);
    Workload workload =
        switch (order.figure()) {
          case BARE_DELTA -> new BareDelta();
          case BARE_BULK -> new BareBulk();
          case LAKE, INDEX, BOTH -> new StreamedByJob();
        };
    RunResult warmUp = workload.move(order, order.warmUp());
    System.out.printf("Warm-up took %.1f s.%n", warmUp.seconds());
    RunResult measured = workload.move(order, order.measured());
    System.out.printf("Measured %.1f s.%n", measured.seconds());
    Json.write(order.result(), measured);
    System.exit(0);
  }
}
