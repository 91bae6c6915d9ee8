package io.tributary.benchmark;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.elasticsearch._helpers.bulk.BulkIngester;
import co.elastic.clients.elasticsearch._helpers.bulk.BulkListener;
import co.elastic.clients.elasticsearch.core.BulkRequest;
import co.elastic.clients.elasticsearch.core.BulkResponse;
import co.elastic.clients.elasticsearch.core.bulk.BulkOperation;
import co.elastic.clients.elasticsearch.core.bulk.BulkResponseItem;
import co.elastic.clients.util.BinaryData;
import co.elastic.clients.util.ContentType;
import io.tributary.event.Decoded;
import io.tributary.event.EventDecoder;
import io.tributary.event.Provenance;
import io.tributary.lake.index.ElasticsearchSettings;
import io.tributary.lake.index.IndexAdministration;
import io.tributary.layout.IndexDocument;
import io.tributary.layout.IndexLayout;
import io.tributary.streaming.StreamingConfiguration;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What the official client does with nothing of ours: bulk requests of documents that are ready in
 * memory before the clock starts, byte for byte those that the index query sends, under the same
 * template, each made only if it is not there.
 */
final class BareBulk implements Workload {
  /** Tried from 1 to 6 on two cores: two keep the node busy, more gain nothing. */
  private static final int CONCURRENT_REQUESTS = 2;

  private static final int ALREADY_THERE = 409;
  private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("uuuu.MM.dd");

  @Override
  public RunResult move(RunOrder order, RunOrder.Place place) throws Exception {
    StreamingConfiguration shipped = StreamedByJob.configuration(order, place);
    StreamingConfiguration.Index index = shipped.index();
    try (IndexAdministration administration = new IndexAdministration(settings(index))) {
      administration.install(shipped.fields(), shipped.counts().dimensions());
    }
    List<Ready> documents = documents(order, place, shipped);
    Failures failures = new Failures();
    try (SearchClient elasticsearch = SearchClient.of(order.elasticsearch())) {
      Effort effort = Effort.begin(order);
      try (BulkIngester<Void> ingester = ingester(elasticsearch.client(), index, failures)) {
        for (Ready document : documents) {
          ingester.add(document.operation());
        }
      }
      RunResult result = effort.end(System.currentTimeMillis(), Map.of());
      failures.throwIfAny();
      return result;
    }
  }

  private static BulkIngester<Void> ingester(
      ElasticsearchClient client, StreamingConfiguration.Index index, Failures failures) {
    return BulkIngester.of(
        ingester ->
            ingester
                .client(client)
                .maxOperations(index.bulkEntries())
                .maxSize(index.bulkSize().bytes())
                .maxConcurrentRequests(CONCURRENT_REQUESTS)
                .listener(failures));
  }

  private static ElasticsearchSettings settings(StreamingConfiguration.Index index) {
    return new ElasticsearchSettings(
        index.elasticsearch(),
        index.prefix(),
        index.shards(),
        index.replicas(),
        index.refreshInterval(),
        index.bulkEntries(),
        index.bulkSize(),
        index.options());
  }

  private static List<Ready> documents(
      RunOrder order, RunOrder.Place place, StreamingConfiguration configuration)
      throws BenchmarkFailedException {
    EventDecoder decoder = new EventDecoder(configuration.fields());
    IndexLayout layout = new IndexLayout(place.indexPrefix());
    TopicEnds ends = TopicEnds.of(order.kafka(), place.topic());
    List<Ready> documents = new ArrayList<>(Math.toIntExact(ends.records()));
    Map<LocalDate, String> indices = new HashMap<>();
    try (KafkaConsumer<byte[], byte[]> consumer = TopicEnds.consumer(order.kafka())) {
      var partitions = TopicEnds.partitions(consumer, place.topic());
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      while (documents.size() < ends.records()) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(5))) {
          Provenance.Kafka kafka =
              new Provenance.Kafka(
                  record.topic(), record.partition(), record.offset(), record.timestamp());
          if (!(decoder.decode(record.value(), kafka) instanceof Decoded.Accepted accepted)) {
            throw new BenchmarkFailedException(
                "Cannot measure: a generated record is no event. Check the generator's settings.");
          }
          LocalDate day = accepted.event().day();
          String json =
              IndexDocument.json(
                  accepted.event(),
                  accepted.digest(),
                  configuration.fields(),
                  accepted.typedValues(),
                  kafka);
          documents.add(
              new Ready(
                  indices.computeIfAbsent(day, layout::eventsIndex),
                  accepted.event().eventId(),
                  ("{\"index_day\":\"" + DAY.format(day) + "\"," + json.substring(1))
                      .getBytes(StandardCharsets.UTF_8)));
        }
      }
    }
    return documents;
  }

  @SuppressWarnings("ArrayRecordComponent") // Bytes on their way, never compared.
  private record Ready(String index, String id, byte[] json) {
    BulkOperation operation() {
      return BulkOperation.of(
          operation ->
              operation.create(
                  create ->
                      create
                          .index(index)
                          .id(id)
                          .document(BinaryData.of(json, ContentType.APPLICATION_JSON))));
    }
  }

  private static final class Failures implements BulkListener<Void> {
    private final AtomicReference<@Nullable String> first = new AtomicReference<>();

    @Override
    public void beforeBulk(long execution, BulkRequest request, List<Void> contexts) {}

    @Override
    public void afterBulk(
        long execution, BulkRequest request, List<Void> contexts, BulkResponse response) {
      if (!response.errors()) {
        return;
      }
      for (BulkResponseItem item : response.items()) {
        var error = item.error();
        if (error != null && item.status() != ALREADY_THERE) {
          first.compareAndSet(null, item.status() + " " + error.reason());
        }
      }
    }

    @Override
    public void afterBulk(
        long execution, BulkRequest request, List<Void> contexts, Throwable failure) {
      first.compareAndSet(null, failure.toString());
    }

    void throwIfAny() throws BenchmarkFailedException {
      String failure = first.get();
      if (failure != null) {
        throw new BenchmarkFailedException(
            "Cannot measure: Elasticsearch refused documents (%s). See its log."
                .formatted(failure));
      }
    }
  }
}
