package io.tributary.streaming;

import java.io.IOException;
import org.apache.spark.sql.streaming.StreamingQuery;

/** One of the queries, as its supervisor sees it. */
interface SupervisedQuery extends AutoCloseable {
  QueryStatus status();

  /**
   * Makes or checks what the query needs and starts it where its target stands. Called again after
   * every failure.
   */
  StreamingQuery start() throws UnavailableException, IOException, InterruptedException;

  /** Lets go of what {@link #start} opened. */
  @Override
  void close();
}
