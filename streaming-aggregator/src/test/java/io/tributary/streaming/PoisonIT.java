package io.tributary.streaming;

import static io.tributary.streaming.Eventually.eventually;
import static io.tributary.streaming.TestTopic.event;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.event.Provenance;
import io.tributary.stack.LocalStack;
import io.tributary.stack.SharedLocalStack;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.spark.sql.Row;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything in {@code data/poison} through the real job, in one batch. */
class PoisonIT {
  private static final String FIELDS =
      """
      fields:
        - {name: amount, path: amount, type: long}
        - {name: price, path: price, type: double}
        - {name: paid, path: paid, type: boolean}
        - {name: place, path: place, type: geo_point}
        - {name: delivered, path: delivered, type: timestamp}
        - {name: colour, path: colour, type: string}
      """;

  private static final String TIME = "date_format(%s, \"yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'\") AS %s";

  private final LocalStack stack = SharedLocalStack.running();

  private TestSetup setup(Path folder, String name) {
    return new TestSetup(folder, stack.kafka(), stack.elasticsearch(), name);
  }

  @Test
  void every_kind_of_poison_ends_as_it_must_in_lake_and_index(@TempDir Path folder)
      throws Exception {
    TestSetup setup = setup(folder, "poison");
    List<PoisonKind> kinds = PoisonKind.all();
    assertThat(kinds).hasSizeGreaterThanOrEqualTo(60);
    Map<Long, PoisonKind> sent = send(setup.topic().name(), kinds);

    try (StreamingJob job = setup.start(FIELDS)) {
      assertThat(job.metricsPort()).isPositive();
      for (String query : List.of("lake", "index")) {
        eventually(
            () -> {
              JsonNode status = setup.index().status(query);
              assertThat(status.path("records_total").asLong()).isEqualTo(kinds.size());
              assertThat(status.path("batch_id").asLong(-1)).as("all in one batch").isZero();
            });
      }
      Map<Long, String> refused = refused(setup);
      SoftAssertions.assertSoftly(
          all -> {
            all.assertThat(rows(setup)).isEqualTo(expectedRows(setup, sent));
            all.assertThat(letters(setup)).isEqualTo(expectedLetters(sent));
            all.assertThat(refused.keySet()).isEqualTo(expectedRefusals(sent).keySet());
            expectedRefusals(sent)
                .forEach(
                    (offset, words) ->
                        all.assertThat(refused.get(offset))
                            .as("%s", sent.get(offset))
                            .contains(words));
            all.assertThat(setup.lake().duplicates())
                .isEqualTo(
                    kinds.stream()
                        .filter(PoisonKind::isDuplicate)
                        .map(PoisonKind::duplicateOf)
                        .sorted()
                        .toList());
          });
      assertThat(documents(setup)).isEqualTo(expectedDocuments(setup, sent));
    }
  }

  @Test
  void twenty_thousand_keys_do_not_grow_the_mapping(@TempDir Path folder) throws Exception {
    TestSetup setup = setup(folder, "many-keys");
    List<String> events = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      StringBuilder params = new StringBuilder("{");
      for (int key = 0; key < 100; key++) {
        params
            .append(key == 0 ? "" : ",")
            .append("\"k%d.x\":{\"y\":%d}".formatted(100 * i + key, i));
      }
      ids.add("many-%03d".formatted(i));
      events.add(event(ids.get(i), params.append('}').toString()));
    }
    setup.topic().create().send(event("first"));

    try (StreamingJob job = setup.start()) {
      assertThat(job.metricsPort()).isPositive();
      eventually(() -> assertThat(setup.index().ids()).containsExactly("first"));
      Set<String> before = mappedFields(setup);
      setup.topic().send(events);
      ids.add(0, "first");
      eventually(() -> assertThat(setup.index().ids()).isEqualTo(ids));
      eventually(() -> assertThat(setup.lake().ids()).isEqualTo(ids));

      assertThat(before).contains("event_id", "params", "ts").hasSizeLessThan(30);
      assertThat(mappedFields(setup)).isEqualTo(before);
      assertThat(setup.index().count("params.k19999.x.y:199")).isEqualTo(1);
      assertThat(setup.lake().letters()).isEmpty();
    }
  }

  /** Every field of every index of events, with the fields below it. */
  private static Set<String> mappedFields(TestSetup setup) {
    Set<String> fields = new TreeSet<>();
    setup
        .index()
        .get("/%sevents-*/_mapping".formatted(setup.index().prefix()))
        .forEach(index -> collect("", index.path("mappings"), fields));
    return fields;
  }

  private static void collect(String path, JsonNode mapping, Set<String> fields) {
    for (String kind : List.of("properties", "fields")) {
      mapping
          .path(kind)
          .fields()
          .forEachRemaining(
              field -> {
                fields.add(path + field.getKey());
                collect(path + field.getKey() + ".", field.getValue(), fields);
              });
    }
  }

  /** Sends all kinds to a topic of one partition; gives each by its offset. */
  private Map<Long, PoisonKind> send(String topic, List<PoisonKind> kinds) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", stack.kafka()))) {
      admin
          .createTopics(
              List.of(
                  new NewTopic(topic, 1, (short) 1)
                      .configs(
                          Map.of(
                              "max.message.bytes",
                              "4194304",
                              "retention.ms",
                              "-1",
                              "message.timestamp.after.max.ms",
                              Long.toString(Long.MAX_VALUE)))))
          .all()
          .get();
    }
    Map<Long, PoisonKind> sent = new TreeMap<>();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", stack.kafka(), "max.request.size", 4_000_000),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      Map<PoisonKind, Future<RecordMetadata>> answers = new HashMap<>();
      for (PoisonKind kind : kinds) {
        answers.put(
            kind,
            producer.send(
                new ProducerRecord<>(topic, 0, kind.kafkaMillis(), kind.key(), kind.value())));
      }
      for (Map.Entry<PoisonKind, Future<RecordMetadata>> answer : answers.entrySet()) {
        sent.put(answer.getValue().get().offset(), answer.getKey());
      }
    }
    return sent;
  }

  private static Provenance.Kafka kafka(TestSetup setup, long offset, PoisonKind kind) {
    return new Provenance.Kafka(setup.topic().name(), 0, offset, kind.kafkaMillis());
  }

  private static Map<String, Map<String, String>> expectedRows(
      TestSetup setup, Map<Long, PoisonKind> sent) {
    Map<String, Map<String, String>> rows = new TreeMap<>();
    sent.forEach(
        (offset, kind) -> {
          if (kind.isRow()) {
            rows.put(offset + " 0", kind.columns(kafka(setup, offset, kind)));
          }
        });
    return rows;
  }

  /** The columns of every row that are not null, as text, by its place in Kafka. */
  private static Map<String, Map<String, String>> rows(TestSetup setup) {
    Map<String, Map<String, String>> rows = new TreeMap<>();
    List<String> columns =
        List.of(
            "event_id",
            "event_type",
            "ts",
            "user_id",
            "session_id",
            "params",
            "amount",
            "price",
            "paid",
            "place",
            "delivered",
            "colour");
    for (Row row :
        setup
            .lake()
            .table("events")
            .selectExpr(
                "kafka_offset",
                "kafka_partition",
                "event_id",
                "event_type",
                TIME.formatted("ts", "ts"),
                "user_id",
                "session_id",
                "params",
                "string(amount)",
                "string(price)",
                "string(paid)",
                "to_json(place)",
                TIME.formatted("delivered", "delivered"),
                "colour")
            .collectAsList()) {
      Map<String, String> held = new TreeMap<>();
      for (int i = 0; i < columns.size(); i++) {
        if (!row.isNullAt(i + 2)) {
          held.put(columns.get(i), row.getString(i + 2));
        }
      }
      // A row more under the same offset gets a place of its own, and is missed nowhere.
      String place = row.getLong(0) + " " + row.getInt(1);
      while (rows.containsKey(place)) {
        place += " again";
      }
      rows.put(place, held);
    }
    return rows;
  }

  private static List<String> expectedLetters(Map<Long, PoisonKind> sent) {
    List<String> letters = new ArrayList<>();
    sent.forEach(
        (offset, kind) -> {
          if (kind.deadLetter() != null) {
            letters.add("%05d %s".formatted(offset, kind.deadLetter()));
          }
        });
    return letters;
  }

  private static List<String> letters(TestSetup setup) {
    return setup.lake().table("dead_letters").where("stage <> 'index'").collectAsList().stream()
        .map(
            letter ->
                "%05d %s"
                    .formatted(letter.<Long>getAs("kafka_offset"), letter.<String>getAs("reason")))
        .sorted()
        .toList();
  }

  private static Map<Long, String> expectedRefusals(Map<Long, PoisonKind> sent) {
    Map<Long, String> refusals = new TreeMap<>();
    sent.forEach(
        (offset, kind) -> {
          String words = kind.refusal();
          if (words != null) {
            refusals.put(offset, words);
          }
        });
    return refusals;
  }

  /** What Elasticsearch said of the documents that it refused, by offset. */
  private static Map<Long, String> refused(TestSetup setup) {
    Map<Long, String> refused = new TreeMap<>();
    setup
        .lake()
        .table("dead_letters")
        .where("stage = 'index' AND reason = 'index_rejected'")
        .collectAsList()
        .forEach(
            letter -> refused.put(letter.getAs("kafka_offset"), letter.<String>getAs("detail")));
    return refused;
  }

  private static Map<String, Map<String, String>> expectedDocuments(
      TestSetup setup, Map<Long, PoisonKind> sent) {
    Map<String, Map<String, String>> documents = new TreeMap<>();
    sent.forEach(
        (offset, kind) -> {
          if (kind.isRow() && kind.refusal() == null) {
            Map<String, String> columns = kind.columns(kafka(setup, offset, kind));
            columns.put("_id", columns.getOrDefault("event_id", ""));
            columns.put(
                "_index",
                "%sevents-%s"
                    .formatted(
                        setup.index().prefix(),
                        columns.getOrDefault("ts", "").substring(0, 10).replace('-', '.')));
            documents.put(offset + " 0", columns);
          }
        });
    return documents;
  }

  /** What every document holds, as text, by its place in Kafka; {@code params} byte by byte. */
  private static Map<String, Map<String, String>> documents(TestSetup setup) throws IOException {
    Map<String, Map<String, String>> documents = new TreeMap<>();
    for (TestIndex.Document document : setup.index().rawDocuments("events-*")) {
      Map<String, String> held = new TreeMap<>();
      held.put("_id", document.id());
      held.put("_index", document.index());
      for (String member :
          List.of(
              "event_id",
              "event_type",
              "ts",
              "user_id",
              "session_id",
              "params",
              "amount",
              "price",
              "paid",
              "place",
              "delivered",
              "colour")) {
        String text = document.member(member);
        if (text != null) {
          held.put(member, text);
        }
      }
      documents.put(
          document.member("kafka_offset") + " " + document.member("kafka_partition"), held);
    }
    return documents;
  }
}
