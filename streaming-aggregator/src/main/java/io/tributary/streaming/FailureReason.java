package io.tributary.streaming;

import com.google.common.base.Throwables;
import java.util.List;
import java.util.Optional;

/** Says of a failure why in a sentence, for the log and the status. Spark wraps what is thrown. */
final class FailureReason {
  private FailureReason() {}

  /** A sentence that says why: our own, or else the innermost that says something. */
  static String of(Throwable e) {
    return explained(e).orElseGet(() -> innermost(e));
  }

  /** What one of our own exceptions says, which needs no stack trace. */
  static Optional<String> explained(Throwable e) {
    return within(e, UnavailableException.class)
        .<Throwable>map(unavailable -> unavailable)
        .or(() -> within(e, TopicMadeAgainException.class))
        .map(own -> String.valueOf(own.getMessage()));
  }

  /** An exception of this type, wrapped in another or not. */
  static <T extends Throwable> Optional<T> within(Throwable e, Class<T> type) {
    return Throwables.getCausalChain(e).stream()
        .filter(type::isInstance)
        .map(type::cast)
        .findFirst();
  }

  private static String innermost(Throwable e) {
    Throwable root = Throwables.getRootCause(e);
    String message = root.getMessage() == null ? "" : ": " + root.getMessage();
    List<String> lines =
        (root.getClass().getSimpleName() + message)
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty())
            .toList();
    String first = lines.get(0);
    // The connector's first line only announces what the next one says.
    String sentence =
        lines.size() > 1 && (first.endsWith(":") || first.endsWith(":."))
            ? first + " " + lines.get(1)
            : first;
    return sentence.endsWith(".") ? sentence : sentence + ".";
  }
}
