package io.tributary.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FatalErrorsTest {
  private final FatalErrors errors = new FatalErrors();

  @Test
  void an_error_that_ends_a_thread_is_told_with_its_name() {
    errors
        .watching(
            "index-fill",
            () -> {
              throw new StackOverflowError("too deep");
            })
        .run();

    assertThat(errors.first())
        .isCompletedWithValue("index-fill: java.lang.StackOverflowError: too deep");
  }

  @Test
  void work_that_comes_to_its_end_is_none() {
    errors.watching("index-fill", () -> {}).run();

    assertThat(errors.first()).isNotDone();
  }
}
