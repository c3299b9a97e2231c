package dev.ingot.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.engine.Cancellation;
import dev.ingot.engine.Engine;
import dev.ingot.engine.Engine.EngineException;
import dev.ingot.engine.Engine.UnreachableException;
import dev.ingot.engine.Rows;
import dev.ingot.project.PostgresSettings;
import dev.ingot.testing.FaultyProxy;
import dev.ingot.testing.Wait;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Sessions that end, wait, or are cut off. */
class PostgresSessionsTest extends PostgresUnderTest {

  private final List<Cancellation> all = new CopyOnWriteArrayList<>();

  @Test
  void aTableThatSomebodyReadsIsDroppedLater() throws SQLException {
    build(TABLE, "SELECT 1 AS one");
    try (var reader = new Reader("SELECT * FROM " + TABLE.sql())) {
      assertThat(reader.connection.isClosed()).isFalse();

      assertThatThrownBy(() -> engine.drop(TABLE, "mark"))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("somebody reads it");
    }
    engine.drop(TABLE, "mark");
    assertThat(engine.existing(List.of(TABLE))).isEmpty();
  }

  @Test
  void aTableThatMayStillComeToBeIsNotTakenForGone() {
    var cancellation = new Cancellation();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var build =
          CompletableFuture.supplyAsync(
              () -> engine.build(TABLE, endless("one"), OWNER, cancellation), executor);
      Wait.until("it has begun", () -> hasBegun("one"));

      assertThatThrownBy(() -> engine.drop(TABLE, "mark"))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("still builds it");

      assertThat(sessions("ingot/demo/a run")).hasSize(1);
      cancellation.cancel("enough");
      assertThatThrownBy(build::join).hasMessageContaining("enough");
    }
    engine.drop(TABLE, "mark");
  }

  private List<String> sessions(String application) {
    return database.column(
        "SELECT pid FROM pg_stat_activity WHERE application_name = '%s'".formatted(application));
  }

  @Test
  void aBuildWhoseClientIsGoneEnds() throws IOException {
    try (var proxy = FaultyProxy.to(database.host(), database.port());
        var far = at.engine("127.0.0.1", proxy.port());
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var build =
          CompletableFuture.supplyAsync(
              () -> far.build(TABLE, endless("one"), OWNER, new Cancellation()), executor);
      Wait.until("it has begun", () -> hasBegun("one"));

      proxy.cut();

      assertThatThrownBy(build::join).cause().isInstanceOf(UnreachableException.class);
      Wait.until("its session has ended", () -> !hasBegun("one"));
      engine.drop(TABLE, "mark");
      assertThat(engine.existing(List.of(TABLE))).isEmpty();
    }
  }

  @Test
  void aSessionThatTheDatabaseEndsMayBeTriedAgain() {
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var build =
          CompletableFuture.supplyAsync(
              () -> engine.build(TABLE, endless("one"), OWNER, new Cancellation()), executor);
      Wait.until("it has begun", () -> hasBegun("one"));

      database.column(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'ingot/demo/a run'");

      assertThatThrownBy(build::join).cause().isInstanceOf(UnreachableException.class);
    }
    assertThat(build(TABLE, "SELECT 1 AS one")).isEqualTo(1);
  }

  @Test
  void aDatabaseThatDoesNotAnswerSaysSo() {
    Engine gone = at.engine("127.0.0.1", 1);

    assertThatThrownBy(() -> gone.existing(List.of(TABLE)))
        .isInstanceOf(UnreachableException.class)
        .hasMessageContaining("Connection 'warehouse' can't be used: the connection is refused");
  }

  @Test
  void buildsHaveSessionsHoweverManyQueriesRun() {
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var queries =
          Stream.generate(() ->
                  CompletableFuture.runAsync(
                      () -> engine.query(endless("q"), cancellation(), Rows::next), executor))
              .limit(12)
              .toList();
      Wait.until("some run", () -> hasBegun("q"));

      assertThat(build(TABLE, "SELECT 1 AS one")).isEqualTo(1);
      engine.drop(TABLE, "mark");

      all.forEach(one -> one.cancel("enough"));
      queries.forEach(one -> assertThatThrownBy(one::join).hasMessageContaining("enough"));
    }
  }

  private Cancellation cancellation() {
    var one = new Cancellation();
    all.add(one);
    return one;
  }

  @Test
  void aChangeOfTheConnectionLeavesWhatRuns() {
    var properties = new AtomicReference<Map<String, String>>(Map.of());
    PostgresSettings now = at.settings(database.host(), database.port());
    try (var changing = at.engine(() -> settings(now, Objects.requireNonNull(properties.get())));
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var build =
          CompletableFuture.supplyAsync(
              () ->
                  changing.build(
                      TABLE, "SELECT pg_sleep(2)::text AS n /* slow */", OWNER, new Cancellation()),
              executor);
      Wait.until("it has begun", () -> hasBegun("slow"));

      properties.set(Map.of("tcpKeepAlive", "true"));

      assertThat(changing.existing(List.of(TABLE))).isEmpty();
      assertThat(build.join()).isEqualTo(1);
    }
  }

  private static PostgresSettings settings(PostgresSettings of, Map<String, String> properties) {
    return new PostgresSettings(
        of.host(),
        of.port(),
        of.database(),
        of.user(),
        of.password(),
        of.schema(),
        null,
        null,
        null,
        properties);
  }

  @Test
  void whatIsLockedIsSaidInTime() throws SQLException {
    database.execute("CREATE TABLE main.locked (x int)");
    try (var other = new Reader("LOCK TABLE main.locked IN ACCESS EXCLUSIVE MODE")) {
      assertThat(other.connection.isClosed()).isFalse();

      assertThatThrownBy(() -> engine.describeSelect("SELECT * FROM main.locked"))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("lock timeout");
    }
  }
}
