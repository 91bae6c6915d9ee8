package io.tributary.lake.index;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tributary.event.TypedField;
import io.tributary.layout.IndexLayout;
import io.tributary.layout.IndexSettings;
import io.tributary.layout.LakeLayout;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.elasticsearch.client.Request;
import org.elasticsearch.client.Response;
import org.elasticsearch.client.RestClient;

/** What is done to Elasticsearch besides writing documents: templates, mappings, whole indices. */
public final class IndexAdministration implements AutoCloseable {
  /** What an index has that holds events of ours, by whatever mapping. */
  private static final Set<String> OF_EVENTS =
      Set.of(LakeLayout.EVENT_ID, LakeLayout.EVENT_TYPE, LakeLayout.TS, "d0", "d1", "d2");

  /** The same for counts. */
  private static final Set<String> OF_COUNTS =
      Set.of(
          LakeLayout.WINDOW_START,
          LakeLayout.EVENT_TYPE,
          LakeLayout.COUNT,
          LakeLayout.EVENTS_VERSION);

  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration ANSWER = Duration.ofSeconds(10);

  private final RestClient client;
  private final FoundIndices found;
  private final MappedIndices indices;
  private final StatusIndex statusIndex;
  private final IndexLayout layout;
  private final IndexSettings settings;

  public IndexAdministration(ElasticsearchSettings elasticsearch) {
    this.layout = new IndexLayout(elasticsearch.prefix());
    this.settings =
        new IndexSettings(
            elasticsearch.shards(),
            elasticsearch.replicas(),
            elasticsearch.refreshInterval().toMillis() + "ms");
    this.client = elasticsearch.client(CONNECT, ANSWER);
    this.found = new FoundIndices(client, layout);
    this.indices = new MappedIndices(client, found);
    this.statusIndex = new StatusIndex(client, layout, settings);
  }

  public IndexLayout layout() {
    return layout;
  }

  /** Where the job keeps what it says of itself. */
  public StatusIndex status() {
    return statusIndex;
  }

  /**
   * Makes or renews the templates, and gives the fields configured since to the indices that are
   * there already.
   *
   * <p>An index that was made without our template, of the first document of ours that came while
   * somebody wiped Elasticsearch, is of no use. One of status or counts is deleted; everything in
   * it can be made again. The word of how far the counts are copied is deleted before them, and the
   * position of the index is kept.
   *
   * @return the days whose index of events was made without our template, with how it shows that.
   *     Nothing is done to them: {@link #dropEvents} is for whoever has put on record what is owed
   */
  public Map<LocalDate, String> install(List<TypedField> fields, List<String> dimensions)
      throws IOException {
    String countsTemplate = layout.countsTemplate(dimensions, settings);
    String statusTemplate = layout.statusTemplate(settings);
    put("/_index_template/" + layout.countsTemplateName(), countsTemplate);
    put("/_index_template/" + layout.statusTemplateName(), statusTemplate);
    putEventsTemplate(fields);
    WantedMapping status = WantedMapping.ofTemplate(statusTemplate, List.of());
    Map<String, String> foreign = indices.toMakeAgain(layout.statusIndex(), status, Set.of());
    if (!foreign.isEmpty()) {
      Optional<StoredDocument> position = statusIndex.document(IndexPosition.DOCUMENT_ID);
      indices.drop(foreign);
      if (position.isPresent()) {
        statusIndex.replace(IndexPosition.DOCUMENT_ID, position.get().source().toString(), null);
      }
    }
    Map<LocalDate, String> days =
        days(indices.toMakeAgain(layout.eventsPattern(), events(fields), OF_EVENTS));
    WantedMapping counts = WantedMapping.ofTemplate(countsTemplate, dimensions);
    foreign = indices.toMakeAgain(layout.countsPattern(), counts, OF_COUNTS);
    if (!foreign.isEmpty()) {
      statusIndex.delete(CountsIndex.STATUS_DOCUMENT_ID);
      indices.drop(foreign);
    }
    return days;
  }

  /**
   * The same for the events alone, which is what a job needs that writes nothing else. Deletes
   * nothing: that is for the streaming job, which makes it again.
   *
   * @throws IOException also when there is an index that was made without our template
   */
  public void installEvents(List<TypedField> fields) throws IOException {
    putEventsTemplate(fields);
    for (Map.Entry<String, String> index :
        indices.renew(layout.eventsPattern(), events(fields), OF_EVENTS).entrySet()) {
      throw new IOException(
          "Cannot use index %s: it was not made by our template (%s). Start the streaming job, which makes it again from the lake."
              .formatted(index.getKey(), index.getValue()));
    }
  }

  /**
   * The days that {@link #install} would return, of the indices as they are: nothing is changed.
   *
   * @throws IOException also when an index cannot be used
   */
  public Map<LocalDate, String> daysMadeWithoutTemplate(List<TypedField> fields)
      throws IOException {
    return days(indices.lookAt(layout.eventsPattern(), events(fields), OF_EVENTS));
  }

  private Map<LocalDate, String> days(Map<String, String> indicesOfEvents) {
    Map<LocalDate, String> days = new TreeMap<>();
    indicesOfEvents.forEach(
        (index, why) -> layout.eventsDay(index).ifPresent(day -> days.put(day, why)));
    return days;
  }

  /**
   * Deletes the indices of days; the next document makes them again.
   *
   * @param days with why
   */
  public void dropEvents(Map<LocalDate, String> days) throws IOException {
    Map<String, String> foreign = new TreeMap<>();
    days.forEach((day, why) -> foreign.put(layout.eventsIndex(day), why));
    indices.drop(foreign);
  }

  /**
   * The indices of events that were made without our template, with how they show it. What such an
   * index says of a document is not about the document.
   */
  public Map<String, String> foreignEvents(List<TypedField> fields) throws IOException {
    return indices.contradicting(layout.eventsPattern(), events(fields));
  }

  private void putEventsTemplate(List<TypedField> fields) throws IOException {
    put("/_index_template/" + layout.eventsTemplateName(), layout.eventsTemplate(fields, settings));
  }

  private WantedMapping events(List<TypedField> fields) {
    return WantedMapping.of(
        layout.eventsMappings(fields), fields.stream().map(TypedField::name).toList());
  }

  /** How many documents the index of a day has, those not yet visible to searches too. */
  public long documents(LocalDate day) throws IOException {
    String index = layout.eventsIndex(day);
    client
        .performRequest(new Request("POST", "/%s/_refresh".formatted(index)))
        .getEntity()
        .getContent()
        .close();
    Request request = new Request("GET", "/%s/_count".formatted(index));
    try (InputStream body = client.performRequest(request).getEntity().getContent()) {
      return JSON.readTree(body).path("count").asLong();
    }
  }

  /**
   * The indices of counts that are there: their ids by name. One that is deleted and made again has
   * another id; one that hides its metadata is there with an empty one.
   */
  public Map<String, String> countsIndices() throws IOException {
    return found.ids(layout.countsPattern());
  }

  /**
   * Deletes the copies of the counts; the next one makes their indices again. What somebody else
   * keeps under such a name stays.
   */
  public void deleteCounts() throws IOException {
    // By name: clusters refuse to delete by a pattern unless they are told otherwise.
    for (String index : indices.withFields(layout.countsPattern(), OF_COUNTS)) {
      indices.delete(index);
    }
  }

  private void put(String path, String body) throws IOException {
    Request request = new Request("PUT", path);
    request.setJsonEntity(body);
    Response response = client.performRequest(request);
    response.getEntity().getContent().close();
  }

  @Override
  public void close() throws IOException {
    client.close();
  }
}
