package io.tributary.streaming;

import static io.tributary.streaming.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class QuerySupervisorTest {
  /** A query whose starts come to their end when the test lets them. */
  private static final class SlowQuery implements SupervisedQuery {
    private final QueryStatus status = new QueryStatus("slow", Duration.ZERO);
    private final BlockingQueue<StreamingQuery> begun = new SynchronousQueue<>();
    private final BlockingQueue<Boolean> starting = new LinkedBlockingQueue<>();

    @Override
    public QueryStatus status() {
      return status;
    }

    @Override
    public StreamingQuery start() throws InterruptedException {
      starting.add(true);
      return begun.take();
    }

    void awaitStart() throws InterruptedException {
      starting.take();
    }

    @Override
    public void close() {}
  }

  /** One that runs until it is stopped. */
  private static StreamingQuery running(CountDownLatch stopped) {
    return (StreamingQuery)
        Proxy.newProxyInstance(
            StreamingQuery.class.getClassLoader(),
            new Class<?>[] {StreamingQuery.class},
            (proxy, method, arguments) -> {
              switch (method.getName()) {
                case "stop" -> stopped.countDown();
                case "awaitTermination" -> stopped.await();
                default -> throw new UnsupportedOperationException(method.getName());
              }
              return null;
            });
  }

  private final SlowQuery query = new SlowQuery();
  private final QuerySupervisor supervisor =
      new QuerySupervisor(
          query,
          new BatchGate(),
          new StreamingConfiguration.Retry(Duration.ofMillis(10), Duration.ofMillis(10)));

  @AfterEach
  void stop() {
    supervisor.stop(Duration.ofSeconds(5));
  }

  @Test
  void a_restart_is_refused_while_the_query_is_being_started_and_done_once_it_runs()
      throws Exception {
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch second = new CountDownLatch(1);
    supervisor.start();
    query.awaitStart();
    assertThat(supervisor.restart()).isFalse();

    query.begun.put(running(first));
    eventually(() -> assertThat(supervisor.restart()).isTrue());
    assertThat(first.getCount()).isZero();
    query.awaitStart();
    // The old one is no query to stop any more.
    assertThat(supervisor.restart()).isFalse();

    query.begun.put(running(second));
    eventually(() -> assertThat(supervisor.restart()).isTrue());
    query.awaitStart();
    query.begun.put(running(new CountDownLatch(1)));
    supervisor.stop(Duration.ofSeconds(5));
    assertThat(supervisor.end()).isCompletedWithValue(Optional.empty());
  }
}
