package io.tributary.layout;

import io.tributary.event.TypedField;
import io.tributary.time.TimeRange;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Names and templates of the indices. Everything that is known about an event's fields in the index
 * is here; nothing is mapped dynamically.
 *
 * <p>What Elasticsearch does with unusual {@code params}:
 *
 * <ul>
 *   <li>It stores {@code _source} as the text it was sent, so {@code params} comes back whole, with
 *       every number as received.
 *   <li>A string of more than 8,191 UTF-16 units is kept in {@code _source} but can't be searched
 *       for. That is {@code ignore_above}; at most three bytes of UTF-8 a unit keep the term below
 *       Lucene's 32,766 bytes together with keys of up to 8,192 bytes.
 *   <li>It refuses the document when a key of {@code params} holds NUL, when a key path and its
 *       value together are longer than a Lucene term, and when a number has more than 1,000 digits.
 *       Such an event gets a dead letter {@code index_rejected} and stays a row of the lake.
 *   <li>An id of 128 characters has at most 512 bytes, which is the longest {@code _id} there is.
 *   <li>{@code depth_limit} counts nested objects, not arrays; the decoder's limit lies below it.
 * </ul>
 */
public final class IndexLayout {
  private static final int MOST_DAYS_BY_NAME = 60;
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("uuuu.MM.dd", Locale.ROOT);
  private static final DateTimeFormatter MONTH =
      DateTimeFormatter.ofPattern("uuuu.MM", Locale.ROOT);

  private static final String KEYWORD = "{\"type\":\"keyword\"}";
  private static final String BOUNDED_KEYWORD = "{\"type\":\"keyword\",\"ignore_above\":8191}";
  private static final String DATE = "{\"type\":\"date\",\"format\":\"strict_date_optional_time\"}";
  private static final String LONG = "{\"type\":\"long\"}";

  /** For summing and looking at, not for finding: an inverted structure would only cost CPU. */
  private static final String INTEGER_VALUE = "{\"type\":\"integer\",\"index\":false}";

  private static final String LONG_VALUE = "{\"type\":\"long\",\"index\":false}";
  private static final String KEYWORD_VALUE = "{\"type\":\"keyword\",\"index\":false}";
  private static final String DATE_VALUE =
      "{\"type\":\"date\",\"format\":\"strict_date_optional_time\",\"index\":false}";

  /** Of the years 1 to 9999 alone: no event has a time outside of them. */
  private static final Pattern DAY_OF_OURS = Pattern.compile("(?!0000)\\d{4}\\.\\d\\d\\.\\d\\d");

  private static final Pattern MONTH_OF_OURS = Pattern.compile("(?!0000)\\d{4}\\.(0[1-9]|1[0-2])");

  private final String prefix;

  /** The layout without a prefix. */
  public IndexLayout() {
    this("");
  }

  /**
   * The layout whose names all begin with a prefix, so that several can share a cluster.
   *
   * @param prefix empty, or lower-case letters, digits, {@code -} and {@code _} after a letter
   */
  public IndexLayout(String prefix) {
    if (!prefix.matches("([a-z][a-z0-9_-]*)?")) {
      throw new IllegalArgumentException(
          "Invalid index prefix: %s (lower-case letters, digits, - and _, first a letter)"
              .formatted(prefix));
    }
    this.prefix = prefix;
  }

  /** The index of a UTC day of event time: {@code events-2016.06.10}. */
  public String eventsIndex(LocalDate day) {
    return prefix + "events-" + DAY.format(day);
  }

  /**
   * The day whose events an index holds; empty when no event of ours is ever sent there, whatever
   * the name looks like ({@code events-2016.06.31}).
   */
  public Optional<LocalDate> eventsDay(String index) {
    String first = prefix + "events-";
    if (!index.startsWith(first)
        || !DAY_OF_OURS.matcher(index.substring(first.length())).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          LocalDate.parse(
              index.substring(first.length()), DAY.withResolverStyle(ResolverStyle.STRICT)));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** Whether an index is one that this layout names; a pattern may match others too. */
  public boolean isOurs(String index) {
    String counts = prefix + "event-counts-";
    return index.equals(statusIndex())
        || eventsDay(index).isPresent()
        || (index.startsWith(counts)
            && MONTH_OF_OURS.matcher(index.substring(counts.length())).matches());
  }

  /** All indices of events: {@code events-*}. */
  public String eventsPattern() {
    return prefix + "events-*";
  }

  /**
   * The indices that a range touches, whether they exist or not; the pattern when they are more
   * than 60, because a request's line has an end; none for an empty range.
   */
  public List<String> eventsIndices(TimeRange range) {
    return range.dayCount() > MOST_DAYS_BY_NAME
        ? List.of(eventsPattern())
        : range.days().stream().map(this::eventsIndex).toList();
  }

  /** The index of a month's counts: {@code event-counts-2016.06}. */
  public String countsIndex(YearMonth month) {
    return prefix + "event-counts-" + MONTH.format(month);
  }

  /** All indices of counts: {@code event-counts-*}. */
  public String countsPattern() {
    return prefix + "event-counts-*";
  }

  /** The index of the status documents: {@code tributary-status}. */
  public String statusIndex() {
    return prefix + "tributary-status";
  }

  /** The name under which the template of the events is kept. */
  public String eventsTemplateName() {
    return prefix + "tributary-events";
  }

  /** The name under which the template of the counts is kept. */
  public String countsTemplateName() {
    return prefix + "tributary-event-counts";
  }

  /** The name under which the template of the status index is kept. */
  public String statusTemplateName() {
    return prefix + "tributary-status";
  }

  /** The body of the composable template of the events, as JSON text. */
  public String eventsTemplate(List<TypedField> fields, IndexSettings settings) {
    return template(eventsPattern(), settings, eventsMappings(fields));
  }

  /**
   * The mappings alone, for adding fields to indices that are already there, as JSON text.
   *
   * <p>{@code ts} is a {@code date}, which keeps milliseconds: enough for Kibana and histograms.
   * Ranges, orders and cursors need the microsecond and use {@code ts_micros}. A {@code date_nanos}
   * would hold both, but ends in 2262 and changes what aggregations and sort values look like.
   */
  public String eventsMappings(List<TypedField> fields) {
    String typed =
        fields.stream()
            .map(field -> ",\n  \"%s\": %s".formatted(field.name(), mapping(field.type())))
            .collect(Collectors.joining());
    return """
    {"dynamic": false, "properties": {
      "event_id": %s,
      "event_type": %s,
      "ts": %s,
      "ts_micros": %s,
      "user_id": %s,
      "session_id": %s,
      "params": {"type": "flattened", "depth_limit": 25, "ignore_above": 8191},
      "d0": %s,
      "d1": %s,
      "d2": %s,
      "kafka_topic": %s,
      "kafka_partition": %s,
      "kafka_offset": %s,
      "kafka_ts": %s%s
    }}\
    """
        .formatted(
            KEYWORD,
            KEYWORD,
            DATE,
            LONG,
            BOUNDED_KEYWORD,
            BOUNDED_KEYWORD,
            INTEGER_VALUE,
            INTEGER_VALUE,
            INTEGER_VALUE,
            KEYWORD_VALUE,
            INTEGER_VALUE,
            LONG_VALUE,
            DATE_VALUE,
            typed);
  }

  private static String mapping(TypedField.Type type) {
    return switch (type) {
      case STRING -> BOUNDED_KEYWORD;
      case LONG -> LONG;
      case DOUBLE -> "{\"type\":\"double\"}";
      case BOOLEAN -> "{\"type\":\"boolean\"}";
      case TIMESTAMP -> DATE;
      case GEO_POINT -> "{\"type\":\"geo_point\"}";
    };
  }

  /**
   * The body of the composable template of the counts, as JSON text.
   *
   * @param dimensions names of typed fields that are counted by, besides the event type
   */
  public String countsTemplate(List<String> dimensions, IndexSettings settings) {
    String more =
        dimensions.stream()
            .map(name -> ",\n  \"%s\": %s".formatted(name, BOUNDED_KEYWORD))
            .collect(Collectors.joining());
    return template(
        countsPattern(),
        settings,
        """
        {"dynamic": false, "properties": {
          "window_start": %s,
          "event_type": %s,
          "count": %s,
          "events_version": %s%s
        }}\
        """
            .formatted(DATE, KEYWORD, LONG, LONG, more));
  }

  /** The body of the composable template of the status index, as JSON text. */
  public String statusTemplate(IndexSettings settings) {
    return template(
        statusIndex(),
        settings,
        """
        {"dynamic": false, "properties": {
          "query": %s,
          "state": %s,
          "updated_at": %s,
          "complete_through": %s,
          "batch_id": %s,
          "records_total": %s,
          "lag_records": %s,
          "lag_seconds": {"type": "double"},
          "data_version": %s
        }}\
        """
            .formatted(KEYWORD, KEYWORD, DATE, DATE, LONG, LONG, LONG, LONG));
  }

  private static String template(String pattern, IndexSettings settings, String mappings) {
    // The priority is above that of the templates that Elasticsearch brings along (at most 200).
    return """
    {"index_patterns": ["%s"], "priority": 500,
     "template": {
       "settings": {"index": {"number_of_shards": %d, "number_of_replicas": %d, "refresh_interval": "%s"}},
       "mappings": %s},
     "_meta": {"managed_by": "tributary"}}\
    """
        .formatted(
            pattern, settings.shards(), settings.replicas(), settings.refreshInterval(), mappings);
  }
}
