package io.tributary.lake.index;

import io.tributary.event.Event;
import io.tributary.event.Provenance;
import io.tributary.event.TypedField;
import io.tributary.layout.IndexDocument;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes the documents of events, each naming the day index that it goes to. One per task; not
 * thread-safe.
 */
public final class DayDocument {
  /** The field that names the day index; the connector reads it from the document. */
  public static final String INDEX_DAY = "index_day";

  private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyy.MM.dd");

  private final List<TypedField> fields;
  private LocalDate lastDay = LocalDate.EPOCH;
  private String lastName = DAY.format(lastDay);

  /**
   * @param fields the typed fields, in the order of their values
   */
  public DayDocument(List<TypedField> fields) {
    this.fields = List.copyOf(fields);
  }

  /**
   * The document as JSON text on one line.
   *
   * @param kafka the record that the event was taken from; null for an imported event
   */
  public String json(
      Event event, long digest, @Nullable Object[] typedValues, Provenance.@Nullable Kafka kafka) {
    // The day is first, because the connector stops parsing once it has the day and the id.
    return "{\""
        + INDEX_DAY
        + "\":\""
        + dayName(event.day())
        + "\","
        + IndexDocument.json(event, digest, fields, typedValues, kafka).substring(1);
  }

  /** How a day is named in the field {@link #INDEX_DAY} and in the index. */
  public static String name(LocalDate day) {
    return DAY.format(day);
  }

  /** The day's name is nearly always that of the event before. */
  private String dayName(LocalDate day) {
    if (!day.equals(lastDay)) {
      lastDay = day;
      lastName = name(day);
    }
    return lastName;
  }
}
