package dev.ingot.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.engine.Cancellation.CancelledException;
import dev.ingot.engine.Engine.EngineException;
import dev.ingot.engine.Engine.Owner;
import dev.ingot.testing.Wait;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every engine does; a subclass sets one up. */
@Timeout(60)
public abstract class EngineSuite extends EngineUnderTest {

  @Test
  void aBuiltTableHasItsRowsInTheirOrder() {
    String select = "SELECT 299999 - i AS n, 'row ' || i AS text FROM " + numbers(300_000);

    assertThat(build(TABLE, select)).isEqualTo(300_000);

    assertThat(engine.existing(List.of(TABLE))).containsExactly(TABLE);
    assertThat(read("SELECT n FROM " + TABLE.sql())).isEqualTo("299999");
    assertThat(
            read(
                """
                SELECT count(*) FROM (SELECT n, lag(n) OVER () AS earlier FROM %s) AS pairs
                WHERE n > earlier
                """
                    .formatted(TABLE.sql())))
        .isEqualTo("0");
  }

  @Test
  void howLargeATableIsGoesWithItsRows() {
    var more = new TableName("main", "more__1");
    String select = "SELECT md5(CAST(i AS VARCHAR)) AS text FROM ";
    build(TABLE, select + numbers(250_000));
    build(more, select + numbers(1_000_000));

    long few = engine.bytes(TABLE).orElseThrow();
    assertThat(few).isBetween(1_000_000L, 50_000_000L);
    assertThat(engine.bytes(more).orElseThrow()).isBetween(2 * few, 8 * few);
  }

  @Test
  void aTableWithoutRowsIsATable() {
    assertThat(build(TABLE, "SELECT 1 AS n, NULL AS gap WHERE false")).isZero();

    assertThat(engine.existing(List.of(TABLE))).containsExactly(TABLE);
    assertThat(read("SELECT count(*) FROM " + TABLE.sql())).isEqualTo("0");
    assertThat(engine.bytes(TABLE).orElse(0)).isLessThan(100_000);
  }

  @Test
  void aTableIsBuiltIntoASchemaOfWhateverName() {
    var table = new TableName("mart; drop", "by \"x\"__1");
    needsSchema(table.schema());

    assertThat(build(table, "SELECT 1 AS one")).isEqualTo(1);

    assertThat(engine.existing(Set.of(table))).containsExactly(table);
    assertThat(read("SELECT one FROM " + table.sql())).isEqualTo("1");
  }

  @Test
  void aBuildThatFailsAtItsLastRowLeavesNothing() {
    String select =
        "SELECT CASE WHEN i = 299999 THEN %s ELSE CAST(i AS VARCHAR) END AS v FROM %s"
            .formatted(failing(), numbers(300_000));

    assertThatThrownBy(() -> build(TABLE, select))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("bad row");

    assertThat(engine.existing(List.of(TABLE))).isEmpty();
    assertThat(build(TABLE, "SELECT 1 AS one")).isEqualTo(1);
  }

  @Test
  void aTableThatIsThereIsNeverBuiltOver() {
    build(TABLE, "SELECT 1 AS one");

    assertThatThrownBy(() ->
            engine.build(TABLE, "SELECT 2 AS one", new Owner("second", "test"), new Cancellation()))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("already exists");

    assertThat(read("SELECT one FROM " + TABLE.sql())).isEqualTo("1");
    engine.drop(TABLE, "mark");
    assertThat(engine.existing(List.of(TABLE))).isEmpty();
  }

  @Test
  void aBuildThatIsCancelledWhileItRunsLeavesNothing() {
    String select = endless("one");
    var cancellation = new Cancellation();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var build =
          CompletableFuture.supplyAsync(
              () -> engine.build(TABLE, select, OWNER, cancellation), executor);
      Wait.until(
          "it has begun",
          () -> {
            assertThat(build).isNotDone();
            return hasBegun("one");
          });

      cancellation.cancel("stopped by the test");

      assertThatThrownBy(build::join)
          .isInstanceOf(CompletionException.class)
          .cause()
          .isInstanceOf(CancelledException.class)
          .hasMessage("stopped by the test");
    }
    assertThat(engine.existing(List.of(TABLE))).isEmpty();
  }

  @Test
  void aCancelIsNeverLostHoweverEarlyItComes() {
    String select = endless("one");
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int early = 0; early < 50; early++) {
        var cancellation = new Cancellation();
        var build =
            CompletableFuture.supplyAsync(
                () -> engine.build(TABLE, select, OWNER, cancellation), executor);
        for (int spin = 0; spin < early * 2000; spin++) {
          Thread.onSpinWait();
        }

        cancellation.cancel("stopped by the test");

        assertThatThrownBy(build::join).cause().isInstanceOf(CancelledException.class);
      }
    }
    assertThat(engine.existing(List.of(TABLE))).isEmpty();
  }

  @Test
  void buildsLeaveAPlaceToQueriesAndThoseThatWaitAreTakenBackAtOnce() {
    var cancellations = new ArrayList<Cancellation>();
    var waiting = new Cancellation();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var builds = new ArrayList<CompletableFuture<Long>>();
      for (int i = 0; i < LIMIT; i++) {
        String name = "endless" + i;
        String select = endless(name);
        var table = new TableName("main", name + "__1");
        // Each its own: one cancellation ends one statement.
        var cancellation = new Cancellation();
        builds.add(
            CompletableFuture.supplyAsync(
                () -> engine.build(table, select, OWNER, cancellation), executor));
        cancellations.add(cancellation);
        Wait.until(name + " is built", () -> hasBegun(name));
      }
      var queued =
          CompletableFuture.supplyAsync(
              () -> engine.build(TABLE, "SELECT 1 AS one", OWNER, waiting), executor);
      var query = CompletableFuture.supplyAsync(() -> read("SELECT 7"), executor);

      assertThat(query.join()).isEqualTo("7");
      assertThat(queued).isNotDone();
      waiting.cancel("taken back");
      assertThatThrownBy(queued::join)
          .cause()
          .isInstanceOf(CancelledException.class)
          .hasMessage("taken back");
      assertThat(builds).allMatch(build -> !build.isDone());

      cancellations.forEach(one -> one.cancel("stopped by the test"));
      builds.forEach(
          build -> assertThatThrownBy(build::join).cause().isInstanceOf(CancelledException.class));
      assertThat(build(TABLE, "SELECT 1 AS one")).isEqualTo(1);
    }
  }

  @Test
  void attachingWhatIsThereOrGoneChangesNothing() {
    build(TABLE, "SELECT 1 AS one");
    var gone = new TableName("main", "gone__1");

    engine.attach(Map.of(TABLE, "mark", gone, "mark"));
    assertThat(engine.existing(List.of(TABLE, gone))).containsExactly(TABLE);
    assertThat(engine.built(Map.of(TABLE, "mark", gone, "mark"))).containsExactly(TABLE);
    assertThat(read("SELECT one FROM " + TABLE.sql())).isEqualTo("1");
  }

  @Test
  void nothingIsExecutedAfterACancel() {
    var cancellation = new Cancellation();
    cancellation.cancel("too late");

    assertThatThrownBy(() -> engine.build(TABLE, "SELECT 1 AS one", OWNER, cancellation))
        .isInstanceOf(CancelledException.class)
        .hasMessage("too late");
    assertThat(engine.existing(List.of(TABLE))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"SELECT 1 AS a; DROP TABLE kept", "SELECT 1 AS a) ; DROP TABLE kept; --"})
  void aSecondStatementIsRefusedBeforeTheFirstIsRun(String sql) {
    var kept = new TableName("main", "kept");
    build(kept, "SELECT 1 AS a");

    assertThatThrownBy(() -> build(TABLE, sql)).isInstanceOf(EngineException.class);
    assertThatThrownBy(() -> engine.query(sql, new Cancellation(), Rows::next))
        .isInstanceOf(EngineException.class);
    assertThatThrownBy(() -> engine.describeSelect(sql)).isInstanceOf(EngineException.class);
    assertThatThrownBy(() -> engine.describeTable(sql)).isInstanceOf(EngineException.class);
    assertThat(engine.existing(List.of(TABLE, kept))).containsExactly(kept);
  }

  @Test
  void viewsMoveTogetherOrNotAtAll() {
    var first = new TableName("main", "first__1");
    var second = new TableName("mart", "second__1");
    var third = new TableName("main", "third__1");
    build(first, "SELECT 1 AS n");
    build(second, "SELECT 2 AS n");
    build(third, "SELECT 2 AS n");
    var one = new TableName("main", "one");
    var two = new TableName("mart", "two");
    engine.publishViews(Map.of(one, first, two, second), Set.of(), "p/shop");
    assertThat(read("SELECT 10 * one.n + mart.two.n FROM one, mart.two")).isEqualTo("12");

    var gone = new TableName("main", "gone__1");
    var three = new TableName("main", "three");
    assertThatThrownBy(
            () -> engine.publishViews(Map.of(one, third, three, gone), Set.of(two), "p/shop"))
        .isInstanceOf(EngineException.class);
    assertThat(read("SELECT 10 * one.n + mart.two.n FROM one, mart.two")).isEqualTo("12");
    assertThat(engine.existing(List.of(three))).isEmpty();

    engine.publishViews(Map.of(one, third), Set.of(two), "p/shop");
    assertThat(read("SELECT n FROM one")).isEqualTo("2");
    assertThat(engine.existing(List.of(one, two))).containsExactly(one);
  }

  @Test
  void whatSomebodyElseMadeIsNeitherReplacedNorDropped() {
    var declared = new TableName("main", "orders");
    execute("CREATE TABLE orders AS SELECT 'mine' AS whose");
    build(TABLE, "SELECT 'ingot' AS whose");
    assertThat(engine.occupied(List.of(declared))).containsExactly(declared);
    assertThat(engine.existing(List.of(declared))).containsExactly(declared);
    assertThat(engine.publishViews(Map.of(declared, TABLE), Set.of(), "p/shop"))
        .containsOnlyKeys(declared);
    assertThatThrownBy(() -> engine.drop(declared, "mark"))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("so it stays");
    assertThat(read("SELECT whose FROM orders")).isEqualTo("mine");
  }

  @Test
  void aTableWithAnotherMarkStays() {
    build(TABLE, "SELECT 1 AS one");
    assertThat(engine.built(Map.of(TABLE, "mark"))).containsExactly(TABLE);
    assertThat(engine.built(Map.of(TABLE, "another"))).isEmpty();
    assertThatThrownBy(() -> engine.drop(TABLE, "another"))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("so it stays");

    assertThat(engine.existing(List.of(TABLE))).containsExactly(TABLE);
    assertThat(read("SELECT one FROM " + TABLE.sql())).isEqualTo("1");
  }

  @Test
  void droppingATableThatIsGoneIsNoError() {
    build(TABLE, "SELECT 1 AS n");
    engine.drop(TABLE, "mark");
    engine.drop(TABLE, "mark");
    engine.drop(new TableName("nowhere", "orders"), "mark");
    assertThat(engine.existing(List.of(TABLE))).isEmpty();
  }

  @Test
  void whatWasDisownedIsSomebodyElses() {
    var declared = new TableName("main", "orders");
    String mark = "ingot generation 1";
    engine.build(TABLE, "SELECT 1 AS one", new Owner(mark, "test"), new Cancellation());
    engine.publishViews(Map.of(declared, TABLE), Set.of(), "p/shop");

    engine.disown(List.of(declared, TABLE));

    assertThat(engine.occupied(List.of(declared))).containsExactly(declared);
    assertThat(engine.built(Map.of(TABLE, mark))).isEmpty();
    assertThat(read("SELECT one FROM orders")).isEqualTo("1");
  }

  @Test
  void aSelectNamesItsTables() {
    build(new TableName("main", "orders"), "SELECT 1 AS n");
    build(new TableName("mart", "items"), "SELECT 1 AS n");

    assertThat(engine.namedIn("SELECT * FROM orders JOIN mart.items ON true"))
        .containsExactlyInAnyOrder(
            engine.resolve(List.of("orders")), new TableName("mart", "items"));
    assertThat(engine.namedIn("WITH cte AS (SELECT 1 AS n) SELECT * FROM cte")).isEmpty();
  }

  @Test
  void whatASelectReadsHasTheNameThatItsTablesHave() {
    build(new TableName("mart", "items"), "SELECT 1 AS i");
    build(TABLE, "SELECT 1 AS n");
    Dataset table = engine.dataset(TABLE);
    Dataset items = engine.dataset(new TableName("mart", "items"));

    String select =
        "WITH cte AS (SELECT 1 AS n) SELECT * FROM %s o JOIN mart.items ON true JOIN cte ON true"
            .formatted(TABLE.sql());

    assertThat(engine.datasetsIn(select)).containsExactlyInAnyOrder(table, items);
    assertThat(items.namespace()).isEqualTo(table.namespace());
    assertThat(items.name()).isEqualTo(table.name().replace("main.orders__1", "mart.items"));
    assertThat(engine.datasetsIn("SELECT 'mart.items' AS items")).isEmpty();
  }

  @Test
  void aNameIsSaidWithoutWhatIsFilledIn() {
    assertThat(engine.said(engine.resolve(List.of("orders")))).isEqualTo("orders");
    assertThat(engine.said(engine.resolve(List.of("mart", "orders")))).isEqualTo("mart.orders");
    assertThat(engine.said(engine.resolve(List.of("my orders")))).isEqualTo("\"my orders\"");
  }

  @Test
  void aSelectIsDescribedAsTheTableThatIsMadeOfIt() {
    String select = "SELECT 'a' AS text, CAST(1 AS INTEGER) AS n";
    build(TABLE, select);

    assertThat(engine.describeSelect(select)).isEqualTo(engine.describeTable(TABLE.sql()));
    assertThat(engine.describeSelect(select).stream().map(EngineColumn::name))
        .containsExactly("text", "n");
  }

  @Test
  void aNameOfGenerationsKeepsToItsSchemaAndItsSuffix() {
    var declared = new TableName("mart", "ä".repeat(200));
    TableName table = engine.generationName(declared, "0123456789ab");

    assertThat(table.schema()).isEqualTo("mart");
    assertThat(table.name()).startsWith("ä").endsWith("__0123456789ab");
    build(table, "SELECT 1 AS one");
    assertThat(engine.existing(List.of(table))).containsExactly(table);
  }

  @Test
  void aQueryThatIsCancelledWhileItsRowsAreReadSaysSo() {
    var cancellation = new Cancellation();

    assertThatThrownBy(() ->
            engine.query(
                "SELECT i FROM " + numbers(10_000_000),
                cancellation,
                rows -> {
                  rows.next();
                  cancellation.cancel("stopped by the test");
                  while (rows.next()) {
                    assertThat(rows.value(0)).isNotNull();
                  }
                  return true;
                }))
        .isInstanceOf(CancelledException.class)
        .hasMessage("stopped by the test");
  }
}
