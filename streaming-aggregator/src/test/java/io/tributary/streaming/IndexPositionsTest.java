package io.tributary.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tributary.lake.config.ByteSize;
import io.tributary.lake.index.DocumentMovedException;
import io.tributary.lake.index.ElasticsearchSettings;
import io.tributary.lake.index.IndexAdministration;
import io.tributary.lake.index.IndexPosition;
import io.tributary.lake.index.Owed;
import io.tributary.lake.table.OffsetRange;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server that keeps one document as Elasticsearch does. */
class IndexPositionsTest {
  private static final Owed DEBT =
      new Owed(
          "debt",
          Owed.Reason.LAG,
          List.of(range(4)),
          Map.of("events", "id"),
          List.of(),
          null,
          "then");
  private static final IndexPosition BEGIN =
      new IndexPosition(List.of(range(9)), Map.of("events", "id"), List.of(DEBT));

  private static final IndexPositions.Following NOTHING = () -> {};

  private HttpServer server;
  private IndexAdministration administration;
  private IndexPositions positions;
  private volatile @Nullable String document;
  private volatile long sequence;
  private volatile boolean answerIsLost;

  private static OffsetRange range(long next) {
    return new OffsetRange("events", 0, next, next);
  }

  @BeforeEach
  void begin() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    administration = administration();
    positions = new IndexPositions(administration);
    assertThat(positions.read()).isEmpty();
    positions.start(BEGIN, NOTHING);
  }

  private IndexAdministration administration() {
    return new IndexAdministration(
        new ElasticsearchSettings(
            "http://127.0.0.1:" + server.getAddress().getPort(),
            "",
            1,
            0,
            Duration.ofSeconds(1),
            1,
            new ByteSize(1 << 20),
            Map.of()));
  }

  @AfterEach
  void end() throws IOException {
    administration.close();
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String version = "\"_seq_no\":%d,\"_primary_term\":1";
    if (exchange.getRequestMethod().equals("GET")) {
      String source = document;
      if (source == null) {
        send(exchange, 404, "{\"found\":false}");
      } else {
        send(
            exchange,
            200,
            "{\"found\":true,%s,\"_source\":%s}".formatted(version.formatted(sequence), source));
      }
      return;
    }
    String query = exchange.getRequestURI().getQuery();
    boolean asLeft =
        document == null
            ? query.contains("op_type=create")
            : query.contains("if_seq_no=%d&".formatted(sequence));
    if (!asLeft) {
      send(exchange, 409, "{}");
      return;
    }
    document = new String(body, StandardCharsets.UTF_8);
    sequence++;
    if (answerIsLost) {
      answerIsLost = false;
      exchange.close();
      return;
    }
    send(exchange, 200, "{%s}".formatted(version.formatted(sequence)));
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Test
  void a_write_that_came_through_without_its_answer_is_not_refused_for_ever() throws Exception {
    answerIsLost = true;
    assertThatThrownBy(() -> positions.filled("debt", 3_600)).isInstanceOf(IOException.class);

    positions.filled("debt", 3_600);

    assertThat(positions.isOurs()).isTrue();
    assertThat(positions.owed()).extracting(Owed::filledDownTo).containsExactly(3_600L);
    positions.settled("debt");
    assertThat(positions.owed()).isEmpty();
  }

  @Test
  void what_another_job_wrote_is_not_replaced() throws Exception {
    document = BEGIN.advancedBy(List.of(range(12))).json();
    sequence++;

    assertThatThrownBy(() -> positions.advance(List.of(range(10))))
        .isInstanceOf(DocumentMovedException.class)
        .hasMessageContaining("index-position of tributary-status is not as this job left it");
    assertThat(positions.isLost()).isTrue();
  }

  @Test
  void a_position_that_somebody_wiped_is_lost_until_the_query_begins_anew() throws Exception {
    assertThat(positions.isLost()).isFalse();
    document = null;
    assertThat(positions.isLost()).isTrue();

    assertThat(positions.read()).isEmpty();
    assertThat(positions.isLost()).isFalse();
    positions.start(BEGIN, NOTHING);
    assertThat(positions.isLost()).isFalse();
    assertThat(positions.isOurs()).isTrue();
  }

  @Test
  void two_jobs_at_the_same_position_do_not_take_a_silent_index_from_each_other() throws Exception {
    try (IndexAdministration others = administration()) {
      IndexPositions other = new IndexPositions(others);
      other.start(other.read().orElseThrow(), NOTHING);

      assertThat(positions.isOurs()).isFalse();
      assertThat(positions.isLost()).isFalse();
      assertThat(positions.isOurs()).isTrue();
    }
  }

  @Test
  void what_follows_a_position_is_done_when_it_is_kept_and_before_a_debt_is_seen()
      throws Exception {
    positions.read();
    List<String> seen = new ArrayList<>();

    positions.start(
        BEGIN.advancedBy(List.of(range(12))),
        () -> {
          seen.add(String.valueOf(document));
          seen.add("owed " + positions.owed() + ", ours " + positions.isOurs());
        });

    assertThat(seen.get(0)).contains("\"until\":12", "\"id\":\"debt\"");
    assertThat(seen.get(1)).isEqualTo("owed [], ours false");
    assertThat(positions.owed()).containsExactly(DEBT);
    assertThat(positions.isOurs()).isTrue();
  }

  @Test
  void a_start_that_fails_after_its_position_is_kept_leaves_it_to_the_next() throws Exception {
    positions.read();
    IndexPosition next = BEGIN.advancedBy(List.of(range(12)));

    assertThatThrownBy(
            () ->
                positions.start(
                    next,
                    () -> {
                      throw new IOException("not deleted");
                    }))
        .hasMessage("not deleted");

    // Nobody fills meanwhile, nor says that an hour is filled.
    assertThat(positions.owed()).isEmpty();
    positions.filled("debt", 3_600);
    assertThat(positions.isOurs()).isFalse();
    positions.ifBegun(owed -> fail("begun"));
    assertThat(positions.read()).contains(next);
  }

  @Test
  void while_the_query_looks_where_to_begin_no_debt_is_seen() throws Exception {
    assertThat(positions.owes("debt")).isTrue();

    assertThat(positions.read()).contains(BEGIN);

    assertThat(positions.owes("debt")).isFalse();
    assertThat(positions.isOurs()).isFalse();
  }

  @Test
  void a_loss_is_acted_upon_once_until_the_query_has_begun_anew() throws Exception {
    QueryStatus status = new QueryStatus("index", Duration.ZERO);
    status.running(BEGIN.committed(), BEGIN.topicIds());
    AtomicInteger restarts = new AtomicInteger();
    IndexWatch watch =
        new IndexWatch(status, positions, () -> restarts.incrementAndGet() > 0, new FatalErrors());
    watch.look();
    assertThat(restarts).hasValue(0);

    document = null;
    watch.look();
    watch.look();
    assertThat(restarts).hasValue(1);

    positions.read();
    positions.start(BEGIN, NOTHING);
    watch.look();
    assertThat(restarts).hasValue(1);
    document = null;
    watch.look();
    watch.look();
    assertThat(restarts).hasValue(2);
    watch.close();
  }

  @Test
  void a_loss_that_is_met_while_the_query_is_being_started_is_acted_upon_once_it_runs()
      throws Exception {
    QueryStatus status = new QueryStatus("index", Duration.ZERO);
    status.running(BEGIN.committed(), BEGIN.topicIds());
    AtomicInteger asked = new AtomicInteger();
    IndexWatch watch =
        new IndexWatch(status, positions, () -> asked.incrementAndGet() == 2, new FatalErrors());
    document = null;

    watch.look();
    assertThat(asked).hasValue(1);
    watch.look();
    watch.look();

    assertThat(asked).hasValue(2);
    watch.close();
  }

  @Test
  void a_query_that_did_not_stop_in_time_is_told_again() throws Exception {
    QueryStatus status = new QueryStatus("index", Duration.ZERO);
    status.running(BEGIN.committed(), BEGIN.topicIds());
    AtomicInteger restarts = new AtomicInteger();
    IndexWatch watch =
        new IndexWatch(
            status,
            positions,
            () -> {
              if (restarts.incrementAndGet() == 1) {
                throw new TimeoutException("not stopped");
              }
              return true;
            },
            new FatalErrors());
    document = null;

    watch.look();
    watch.look();
    watch.look();

    assertThat(restarts).hasValue(2);
    watch.close();
  }
}
