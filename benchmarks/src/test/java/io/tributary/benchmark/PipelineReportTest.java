package io.tributary.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.benchmark.PipelineBenchmark.Retention;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PipelineReportTest {
  private final PipelineReport report =
      new PipelineReport(
          new Machine(2, "a processor", 8, "a JDK", "a system", 0.1),
          new PipelineBenchmark.Settings(
              1_000, 100, 4, 3, List.of(Figure.values()), "3g", null, Retention.DELETE));

  @Test
  void figuresAreMediansOverTheRounds() {
    add(Figure.LAKE, 1, 10, 2);

    assertThat(report.json().get("lake").asLong()).isEqualTo(500);
  }

  @Test
  void theRatioComparesBothWithOneAfterTheOther() {
    add(Figure.LAKE, 1);
    add(Figure.INDEX, 3);
    add(Figure.BOTH, 5);

    assertThat(report.json().get("ratio").asDouble()).isEqualTo(0.8);
  }

  @Test
  void aMissedTargetSaysByHowMuch() {
    add(Figure.BARE_DELTA, 1);
    add(Figure.LAKE, 2);

    ObjectNode target = (ObjectNode) report.json().get("targets").get(0);
    assertThat(target.get("met").asBoolean()).isFalse();
    assertThat(target.get("measured").asDouble()).isEqualTo(0.5);
    assertThat(report.text())
        .contains("lake / bare_delta  target ≥ 0.60, measured 0.50: MISSED by 17 %");
  }

  @Test
  void theJsonHasTheKeysOfAllFigures() {
    for (Figure figure : Figure.values()) {
      add(figure, 1);
    }

    assertThat(report.json().fieldNames())
        .toIterable()
        .startsWith("bare_delta", "bare_bulk", "lake", "index", "both", "ratio");
  }

  private void add(Figure figure, double... seconds) {
    for (double second : seconds) {
      report.add(figure, new RunResult(second, 1, 0, 0, null, Map.of()));
    }
  }
}
