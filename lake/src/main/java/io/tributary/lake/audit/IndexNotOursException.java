package io.tributary.lake.audit;

/** The index that was to be compared is another one by now, or is about to be filled anew. */
public final class IndexNotOursException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public IndexNotOursException() {
    super(
        "The index is not as this job left it: it was wiped, or is being filled with everything. What is missing in it until then is no difference.");
  }
}
