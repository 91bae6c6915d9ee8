package io.tributary.api.health;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;

/** Asks something that the API needs whether it can be used now. */
public interface Check {
  /** For people and programs, lower case. */
  String name();

  /** Answers within about this time, whatever is asked does. */
  Result run(Duration patience);

  /**
   * What a check found.
   *
   * @param detail a clause for people
   */
  record Result(@JsonProperty("healthy") boolean healthy, @JsonProperty("detail") String detail) {
    /** It can be used. */
    public static Result passed(String detail) {
      return new Result(true, detail);
    }

    /** It can't. */
    public static Result failed(String detail) {
      return new Result(false, detail);
    }
  }
}
