package io.tributary.lake.audit;

/** The index that was to be compared is another one by now, or not kept, or about to be filled. */
public final class IndexNotOursException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param reason a clause, for people
   */
  public IndexNotOursException(String reason) {
    super(
        "The index is not as this job left it: %s. What is missing in it until then is no difference."
            .formatted(reason));
  }
}
