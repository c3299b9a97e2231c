package dev.ingot.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.engine.TableName;
import dev.ingot.testing.Wait;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** How long others wait while declared names move, or can't: each of their reads is counted. */
class PostgresLocksTest extends PostgresUnderTest {

  /** What Ingot waits for, and not so much that it could be two such times. */
  private static final Duration MOST = Duration.ofMillis(500 + 400);

  private static final Duration SOME = Duration.ofMillis(100);
  private static final Duration HELD = Duration.ofSeconds(10);
  private static final int READERS = 4;

  /** Those who read a view all the time, and how long each read took. */
  private final class Readers implements AutoCloseable {
    private final AtomicBoolean over = new AtomicBoolean();
    private final Queue<Duration> reads = new ConcurrentLinkedQueue<>();
    private final List<Future<?>> all = new ArrayList<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(READERS);

    Readers(TableName view) {
      Callable<Void> reading =
          () -> {
            try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
              while (!over.get()) {
                long asked = System.nanoTime();
                statement.execute("SELECT one FROM " + view.sql());
                reads.add(since(asked));
              }
              return null;
            }
          };
      for (int i = 0; i < READERS; i++) {
        all.add(threads.submit(reading));
      }
      Wait.until("they read", () -> reads.size() > READERS);
    }

    long waited() {
      return reads.stream().filter(read -> read.compareTo(SOME) > 0).count();
    }

    Duration slowest() {
      return reads.stream().max(Duration::compareTo).orElseThrow();
    }

    @Override
    public void close() throws Exception {
      over.set(true);
      for (Future<?> one : all) {
        one.get();
      }
      threads.close();
    }
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }

  @Test
  void whoReadsBehindSomebodyThatHoldsAViewWaitsNoLongerThanIngotDoes() throws Exception {
    var other = new TableName("main", "others");
    build(TABLE, "SELECT 1 AS one");
    build(SECOND, "SELECT 2 AS one");
    engine.publishViews(Map.of(VIEW, TABLE, other, TABLE), Set.of(), "p/shop");
    var readers = new Readers(VIEW);
    int moves = 0;
    try (readers) {
      try (var holder = new Reader("SELECT * FROM main.orders")) {
        long held = System.nanoTime();
        while (since(held).compareTo(HELD) < 0) {
          Map<TableName, String> kept =
              engine.publishViews(Map.of(VIEW, SECOND, other, SECOND), Set.of(), "p/shop");
          assertThat(kept).containsOnlyKeys(VIEW);
          moves++;
        }
        assertThat(holder.connection.isClosed()).isFalse();
      }
      assertThat(engine.publishViews(Map.of(VIEW, SECOND, other, SECOND), Set.of(), "p/shop"))
          .isEmpty();
    }

    System.out.printf(
        "a view was held for %s, and %d times tried to move: %d reads, of which %d waited, %s at most%n",
        HELD, moves, readers.reads.size(), readers.waited(), readers.slowest());
    // Reads did come to stand behind it, and more than one for each time.
    assertThat(readers.waited()).isGreaterThan(moves);
    assertThat(readers.slowest()).isLessThan(MOST);
  }

  /** Each of them is free in time, but not all of them one after the other. */
  @Test
  void manyViewsThatAreHeldForShortHoldTheFirstNoLonger() throws Exception {
    var views = new TreeMap<TableName, TableName>(Comparator.comparing(TableName::sql));
    build(TABLE, "SELECT 1 AS one");
    build(SECOND, "SELECT 2 AS one");
    for (int i = 0; i < 5; i++) {
      views.put(new TableName("main", "v" + i), TABLE);
    }
    engine.publishViews(views, Set.of(), "p/shop");
    List<TableName> names = List.copyOf(views.keySet());
    views.replaceAll((name, table) -> SECOND);
    var readers = new Readers(names.getFirst());
    try (readers;
        var threads = Executors.newFixedThreadPool(names.size())) {
      var holders = new ArrayList<Future<?>>();
      for (TableName name : names.subList(1, names.size())) {
        var holder = new Reader("SELECT * FROM " + name.sql());
        holders.add(threads.submit(() -> letGo(holder, name)));
      }

      Wait.until("all have moved", () -> engine.publishViews(views, Set.of(), "p/shop").isEmpty());

      for (Future<?> one : holders) {
        one.get();
      }
    }

    System.out.printf(
        "4 views were held for 400 ms each: %d reads of a fifth, %d waited, %s at most%n",
        readers.reads.size(), readers.waited(), readers.slowest());
    assertThat(readers.slowest()).isLessThan(MOST);
    assertThat(read("SELECT sum(one) FROM v0, LATERAL (SELECT 1 FROM v4) AS x")).isEqualTo("2");
  }

  /** A while after somebody has begun to wait for it. */
  private Void letGo(Reader holder, TableName name) throws SQLException {
    BooleanSupplier isWanted =
        () ->
            database
                .column("SELECT query FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
                .stream()
                .anyMatch(query -> query.contains("VIEW " + name.sql()));
    Wait.until(name + " is wanted", isWanted);
    long wanted = System.nanoTime();
    Wait.until("it was wanted for long", () -> since(wanted).toMillis() > 400);
    holder.close();
    return null;
  }
}
