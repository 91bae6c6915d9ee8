package io.tributary.layout;

import io.tributary.event.TypedField;
import io.tributary.time.TimeRange;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;

/** Names and templates of the indices. */
public final class IndexLayout {
  private final String prefix;

  /** The layout without a prefix. */
  public IndexLayout() {
    this("");
  }

  /** The layout whose names all begin with a prefix, so that several can share a cluster. */
  public IndexLayout(String prefix) {
    this.prefix = prefix;
  }

  /** The index of a UTC day of event time: {@code events-2016.06.10}. */
  public String eventsIndex(LocalDate day) {
    throw new UnsupportedOperationException();
  }

  /** All indices of events: {@code events-*}. */
  public String eventsPattern() {
    return prefix + "events-*";
  }

  /** The indices that a range touches; the pattern when they are more than 60. */
  public List<String> eventsIndices(TimeRange range) {
    throw new UnsupportedOperationException();
  }

  /** The index of a month's counts: {@code event-counts-2016.06}. */
  public String countsIndex(YearMonth month) {
    throw new UnsupportedOperationException();
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
    throw new UnsupportedOperationException();
  }

  /** The mappings alone, for adding fields to indices that are already there, as JSON text. */
  public String eventsMappings(List<TypedField> fields) {
    throw new UnsupportedOperationException();
  }

  /** The body of the composable template of the counts, as JSON text. */
  public String countsTemplate(List<String> dimensions, IndexSettings settings) {
    throw new UnsupportedOperationException();
  }

  /** The body of the composable template of the status index, as JSON text. */
  public String statusTemplate(IndexSettings settings) {
    throw new UnsupportedOperationException();
  }
}
