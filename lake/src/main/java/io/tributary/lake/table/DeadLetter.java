package io.tributary.lake.table;

import io.tributary.event.DeadLetterReason;
import io.tributary.event.Provenance;
import java.io.Serializable;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A record that became no row, or no document, and why.
 *
 * @param detail a sentence for people
 * @param raw the record's value as received, of any length
 * @param kafka the record; null when there is none, because the event was imported
 * @param eventId the event's id as far as it could be read
 * @param source the line of the imported file; null when there is none
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record DeadLetter(
    DeadLetterReason reason,
    String detail,
    Stage stage,
    byte[] raw,
    Provenance.@Nullable Kafka kafka,
    @Nullable String eventId,
    @Nullable SourceLine source)
    implements Serializable {

  /** The letter of a record, or of a row. */
  public DeadLetter(
      DeadLetterReason reason,
      String detail,
      Stage stage,
      byte[] raw,
      Provenance.@Nullable Kafka kafka,
      @Nullable String eventId) {
    this(reason, detail, stage, raw, kafka, eventId, null);
  }

  /** Where on its way the record was set aside. */
  public enum Stage {
    /** It is no valid event. */
    DECODE,
    /** Its id is taken by another event of the same day. */
    CONFLICT,
    /** Elasticsearch refused the document; the row stays. */
    INDEX;

    /** The stage in the table, for example {@code index}. */
    public String code() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
