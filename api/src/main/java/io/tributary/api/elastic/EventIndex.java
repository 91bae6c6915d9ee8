package io.tributary.api.elastic;

import co.elastic.clients.elasticsearch._types.FieldValue;
import co.elastic.clients.elasticsearch._types.SortOptions;
import co.elastic.clients.elasticsearch._types.SortOrder;
import co.elastic.clients.elasticsearch._types.mapping.FieldType;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import co.elastic.clients.elasticsearch.core.SearchRequest;
import co.elastic.clients.elasticsearch.core.SearchResponse;
import co.elastic.clients.elasticsearch.core.search.Hit;
import io.tributary.api.elastic.IndexClient.AnswerTooLargeException;
import io.tributary.layout.IndexLayout;
import io.tributary.query.Counted;
import io.tributary.query.EventCounts;
import io.tributary.query.EventFilter;
import io.tributary.query.EventPage;
import io.tributary.query.EventPosition;
import io.tributary.query.EventSearch;
import io.tributary.query.PageRequest;
import io.tributary.query.PageRequest.Order;
import io.tributary.query.QueryUnavailableException;
import io.tributary.query.SourceMeta;
import io.tributary.query.StoredEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Counts and finds events in the day indices. An answer is whole or none: shards that are missing
 * or late are {@link QueryUnavailableException}, never a smaller number.
 */
public final class EventIndex implements EventCounts, EventSearch {
  private final IndexClient client;
  private final IndexLayout layout;
  private final IndexStatus status;

  /** Asks by this client. */
  public EventIndex(IndexClient client, IndexLayout layout, IndexStatus status) {
    this.client = client;
    this.layout = layout;
    this.status = status;
  }

  @Override
  public Counted count(EventFilter filter) throws QueryUnavailableException {
    Deadline deadline = Deadline.in(client.queryTimeout());
    Query query = IndexFilters.query(filter);
    SourceMeta meta = status.read(deadline);
    if (filter.range().isEmpty()) {
      return new Counted(0, meta);
    }
    SearchRequest question =
        question(layout.eventsIndices(filter.range()), query, deadline).build();
    try {
      return new Counted(total(ask(deadline, question)), meta);
    } catch (AnswerTooLargeException impossible) {
      throw new IllegalStateException("A count has no documents", impossible);
    }
  }

  @Override
  public EventPage search(EventFilter filter, PageRequest page) throws QueryUnavailableException {
    Deadline deadline = Deadline.in(client.queryTimeout());
    Query query = IndexFilters.query(filter);
    SourceMeta meta = status.read(deadline);
    if (filter.range().isEmpty()) {
      return new EventPage(List.of(), 0, null, meta);
    }
    List<String> indices = layout.eventsIndices(filter.range());
    // Large events: a page with fewer of them is still a page, and the cursor goes on from there.
    for (int limit = page.limit(); ; limit = Math.max(limit / 4, 1)) {
      // One more than asked for tells whether there is a next page.
      SearchRequest.Builder question = question(indices, query, deadline).size(limit + 1);
      sort(question, page.order(), page.after());
      try {
        return page(ask(deadline, question.build()), limit, meta);
      } catch (AnswerTooLargeException tooLarge) {
        if (limit == 1) {
          throw IndexClient.unavailable(
              "two events are larger than elasticsearch.max-response-bytes", tooLarge);
        }
      }
    }
  }

  @Override
  public Optional<StoredEvent> byId(String eventId) throws QueryUnavailableException {
    Deadline deadline = Deadline.in(client.queryTimeout());
    Query query =
        Query.of(any -> any.term(term -> term.field("event_id").value(FieldValue.of(eventId))));
    SearchRequest.Builder question =
        question(List.of(layout.eventsPattern()), query, deadline).size(1);
    sort(question, Order.DESC, null);
    try {
      return ask(deadline, question.build()).hits().hits().stream()
          .map(EventIndex::stored)
          .findFirst();
    } catch (AnswerTooLargeException tooLarge) {
      throw IndexClient.unavailable(
          "the event is larger than elasticsearch.max-response-bytes", tooLarge);
    }
  }

  private static SearchRequest.Builder question(
      List<String> indices, Query query, Deadline deadline) {
    return new SearchRequest.Builder()
        .index(indices)
        .ignoreUnavailable(true)
        .allowNoIndices(true)
        .allowPartialSearchResults(false)
        .query(query)
        .size(0)
        .trackTotalHits(total -> total.enabled(true))
        .timeout(Math.max(deadline.left().toMillis(), 1) + "ms");
  }

  private static void sort(
      SearchRequest.Builder question, Order order, @Nullable EventPosition after) {
    SortOrder direction =
        switch (order) {
          case ASC -> SortOrder.Asc;
          case DESC -> SortOrder.Desc;
        };
    question.sort(
        by("ts_micros", FieldType.Long, direction), by("event_id", FieldType.Keyword, direction));
    if (after != null) {
      question.searchAfter(FieldValue.of(after.tsMicros()), FieldValue.of(after.eventId()));
    }
  }

  private static SortOptions by(String field, FieldType unmapped, SortOrder direction) {
    return SortOptions.of(
        sort -> sort.field(by -> by.field(field).order(direction).unmappedType(unmapped)));
  }

  private SearchResponse<IndexedEvent> ask(Deadline deadline, SearchRequest question)
      throws QueryUnavailableException, AnswerTooLargeException {
    SearchResponse<IndexedEvent> answer =
        client.ask(deadline, elasticsearch -> elasticsearch.search(question, IndexedEvent.class));
    if (answer.timedOut()) {
      throw new QueryUnavailableException(
          IndexClient.SOURCE,
          "Elasticsearch did not finish in time",
          "Ask for a smaller range, or again later.",
          null);
    }
    return answer;
  }

  private static EventPage page(SearchResponse<IndexedEvent> answer, int limit, SourceMeta meta) {
    List<StoredEvent> events = new ArrayList<>();
    for (Hit<IndexedEvent> hit : answer.hits().hits()) {
      events.add(stored(hit));
    }
    boolean more = events.size() > limit;
    List<StoredEvent> shown = more ? events.subList(0, limit) : events;
    return new EventPage(shown, total(answer), more ? position(shown.get(limit - 1)) : null, meta);
  }

  private static EventPosition position(StoredEvent stored) {
    return new EventPosition(stored.event().tsMicros(), stored.event().eventId());
  }

  private static StoredEvent stored(Hit<IndexedEvent> hit) {
    return Objects.requireNonNull(hit.source(), "The index keeps no source").stored();
  }

  private static long total(SearchResponse<IndexedEvent> answer) {
    return answer.hits().total() == null ? 0 : answer.hits().total().value();
  }
}
