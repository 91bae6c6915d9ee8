package io.tributary.lake.index;

import io.tributary.lake.seam.Seam;
import io.tributary.lake.seam.Step;
import java.util.Iterator;

/**
 * The documents of a task, as the connector takes them: it sends a bulk request whenever it has so
 * many, and only then asks for more.
 */
final class SentInBulks implements Iterator<String> {
  private final Iterator<String> documents;
  private final int bulkEntries;
  private long taken;

  SentInBulks(Iterator<String> documents, int bulkEntries) {
    this.documents = documents;
    this.bulkEntries = bulkEntries;
  }

  @Override
  public boolean hasNext() {
    return documents.hasNext();
  }

  @Override
  public String next() {
    if (taken > bulkEntries && taken % bulkEntries == 1) {
      Seam.passed(Step.BULK_SENT, taken);
    }
    taken++;
    return documents.next();
  }
}
