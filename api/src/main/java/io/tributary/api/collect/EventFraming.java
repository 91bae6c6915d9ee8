package io.tributary.api.collect;

import io.tributary.api.problem.Problem;
import io.tributary.api.problem.ProblemException;
import io.tributary.api.problem.Problems;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Splits a body into events, each exactly the bytes received. It looks at brackets, commas and
 * strings only: whether a piece is JSON is for the decoder to say, piece by piece, so that one bad
 * event does not refuse its neighbours. Needs no stack, whatever the depth.
 */
final class EventFraming {
  private final byte[] body;
  private final int maxEvents;
  private final List<byte[]> events = new ArrayList<>();
  private int at;

  private EventFraming(byte[] body, int maxEvents) {
    this.body = body;
    this.maxEvents = maxEvents;
  }

  /** At least one event, in the order of the body. */
  static List<byte[]> split(byte[] body, BodyFormat format, int maxEvents) {
    EventFraming framing = new EventFraming(body, maxEvents);
    framing.skipByteOrderMark();
    switch (format) {
      case JSON -> framing.splitJson();
      case LINES -> framing.splitLines();
    }
    if (framing.events.isEmpty()) {
      throw new ProblemException(Problems.emptyBody());
    }
    return framing.events;
  }

  private void skipByteOrderMark() {
    if (body.length >= 3
        && body[0] == (byte) 0xEF
        && body[1] == (byte) 0xBB
        && body[2] == (byte) 0xBF) {
      at = 3;
    }
  }

  private void splitLines() {
    while (at < body.length) {
      int start = at;
      while (at < body.length && body[at] != '\n') {
        at++;
      }
      int end = at;
      at++;
      addUnlessBlank(start, end);
    }
  }

  private void splitJson() {
    skipWhiteSpace();
    if (at == body.length) {
      return;
    }
    switch (body[at]) {
      case '{' -> {
        int start = at;
        skipObject();
        addUnlessBlank(start, at);
      }
      case '[' -> {
        at++;
        splitArray();
      }
      default -> throw malformed("it begins with neither { nor [");
    }
    skipWhiteSpace();
    if (at < body.length) {
      throw malformed(
          "byte %d is after the end of the first JSON value (objects on lines of their own are"
                  .formatted(at)
              + " application/x-ndjson)");
    }
  }

  /** From after the opening bracket to after the closing one. */
  private void splitArray() {
    skipWhiteSpace();
    if (at < body.length && body[at] == ']') {
      at++;
      return;
    }
    while (true) {
      int start = at;
      skipElement();
      if (!addUnlessBlank(start, at)) {
        throw malformed("there is nothing before byte %d, where an event should be".formatted(at));
      }
      if (body[at++] == ']') {
        return;
      }
    }
  }

  private void skipObject() {
    Nesting nesting = new Nesting();
    do {
      step(nesting);
    } while (nesting.depth > 0);
  }

  /** Stops at the comma or the bracket that ends the element. */
  private void skipElement() {
    Nesting nesting = new Nesting();
    while (true) {
      if (at < body.length && nesting.depth == 0 && (body[at] == ',' || body[at] == ']')) {
        return;
      }
      step(nesting);
    }
  }

  /** Passes one byte, or a whole string. */
  private void step(Nesting nesting) {
    if (at >= body.length) {
      throw malformed("it ends inside a JSON value that is not closed");
    }
    switch (body[at]) {
      case '"' -> skipString();
      case '{' -> nesting.open(Nesting.OBJECT);
      case '[' -> nesting.open(Nesting.ARRAY);
      case '}' -> close(nesting, Nesting.OBJECT);
      case ']' -> close(nesting, Nesting.ARRAY);
      default -> {
        // Part of a number, a word or white space.
      }
    }
    at++;
  }

  private void close(Nesting nesting, boolean kind) {
    if (!nesting.close(kind)) {
      throw malformed("the bracket at byte %d closes nothing that is open".formatted(at));
    }
  }

  /** From the opening quote to the closing one. */
  private void skipString() {
    at++;
    while (at < body.length && body[at] != '"') {
      at += body[at] == '\\' ? 2 : 1;
    }
    if (at >= body.length) {
      throw malformed("it ends inside a string that is not closed");
    }
  }

  private void skipWhiteSpace() {
    while (at < body.length && isWhiteSpace(body[at])) {
      at++;
    }
  }

  /** Whether there was an event between the two. */
  private boolean addUnlessBlank(int from, int to) {
    int start = from;
    int end = to;
    while (start < end && isWhiteSpace(body[start])) {
      start++;
    }
    while (end > start && isWhiteSpace(body[end - 1])) {
      end--;
    }
    if (start == end) {
      return false;
    }
    if (events.size() == maxEvents) {
      throw new ProblemException(Problems.tooManyEvents(maxEvents));
    }
    events.add(Arrays.copyOfRange(body, start, end));
    return true;
  }

  private static boolean isWhiteSpace(byte candidate) {
    return candidate == ' ' || candidate == '\t' || candidate == '\n' || candidate == '\r';
  }

  private static ProblemException malformed(String reason) {
    Problem problem = Problems.malformedBody(reason);
    return new ProblemException(problem);
  }

  /** Which brackets are open, one bit each. */
  private static final class Nesting {
    static final boolean OBJECT = true;
    static final boolean ARRAY = false;

    private final BitSet kinds = new BitSet();
    private int depth;

    void open(boolean kind) {
      kinds.set(depth++, kind);
    }

    boolean close(boolean kind) {
      return depth > 0 && kinds.get(--depth) == kind;
    }
  }
}
