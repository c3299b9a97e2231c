package dev.ingot.engine.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.engine.Cancellation;
import dev.ingot.engine.Cancellation.CancelledException;
import dev.ingot.engine.Engine.EngineException;
import dev.ingot.engine.Rows;
import dev.ingot.engine.TableName;
import dev.ingot.testing.Wait;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

/** What an engine on DuckDB does wherever its generations are kept. */
@Timeout(60)
abstract class EngineSuite {

  static final TableName TABLE = new TableName("main", "orders__1");

  private static final String ENDLESS =
      "SELECT nextval('began') AS n FROM range(100000), range(100000), range(100000)";

  @TempDir Path folder;
  Path packageFolder;
  DuckDbDatabase database;
  DuckDbEngine engine;

  /** The engine of a server of this name. */
  abstract DuckDbEngine open(DuckDbDatabase opened);

  /** Null where tables lie in the database. */
  abstract @Nullable SharedFolder shared();

  @BeforeEach
  void open() throws IOException {
    folder = folder.toRealPath();
    packageFolder = Files.createDirectories(folder.resolve("package"));
    database = database("one");
    engine = open(database);
  }

  @AfterEach
  void close() {
    engine.close();
  }

  /** Of another server with the same package. */
  DuckDbDatabase database(String server) throws IOException {
    Path spill = Files.createDirectories(folder.resolve("spill-" + server));
    var settings = new DuckDbSettings(DataSize.ofMegabytes(256), 2);
    return DuckDbDatabase.open(
        folder.resolve(server + ".duckdb"),
        new Hardening(packageFolder, spill, settings, shared()),
        () -> false);
  }

  @Test
  void aBuiltTableHasItsRowsInTheirOrder() {
    String select = "SELECT 299999 - i AS n, 'row ' || i AS text FROM range(300000) t(i)";

    assertThat(build(TABLE, select)).isEqualTo(300_000);

    assertThat(engine.existing(List.of(TABLE))).containsExactly(TABLE);
    assertThat(read("SELECT n FROM " + TABLE.sql())).isEqualTo("299999");
    assertThat(
            read(
                """
                SELECT count(*) FROM (SELECT n, lag(n) OVER () AS before FROM %s) WHERE n > before
                """
                    .formatted(TABLE.sql())))
        .isEqualTo("0");
  }

  @Test
  void aTableWithoutRowsIsATable() {
    assertThat(build(TABLE, "SELECT 1::HUGEINT AS n, NULL AS nothing WHERE false")).isZero();

    assertThat(engine.existing(List.of(TABLE))).containsExactly(TABLE);
    assertThat(read("SELECT count(*) FROM " + TABLE.sql())).isEqualTo("0");
  }

  @Test
  void aTableIsBuiltIntoASchemaThatIsNotThereYet() {
    var table = new TableName("mart; drop", "by \"x\"__1");

    assertThat(build(table, "SELECT 1 AS one")).isEqualTo(1);

    assertThat(engine.existing(Set.of(table))).containsExactly(table);
    assertThat(read("SELECT one FROM " + table.sql())).isEqualTo("1");
  }

  @Test
  void everyTypeIsKeptWithItsValues() {
    requireEqual(
        """
        SELECT * EXCLUDE ("union", geometry) REPLACE (hugeint // 10 AS hugeint)
        FROM test_all_types()
        """);
  }

  @Test
  void typesWithinOthersAreKeptToo() {
    requireEqual(
        """
        SELECT {'h': 7::HUGEINT, 'a "b"': [12345678901234567890::HUGEINT, NULL]} AS structs,
          MAP {170000000000000000::HUGEINT: [{'b': '101'::BIT}]} AS maps,
          'it''s'::ENUM ('it''s', 'a "b"') AS one,
          [INTERVAL 1 MICROSECOND, INTERVAL '-3 months 2 days'] AS intervals,
          [[1, 2]::HUGEINT[2], NULL]::HUGEINT[2][] AS arrays,
          ['12:00:00.000001+05:30'::TIMETZ] AS times,
          '{"a": [1]}'::JSON AS json, NULL AS nothing, [] AS none
        UNION ALL BY NAME
        SELECT NULL AS structs
        """);
  }

  @Test
  void columnsOfOneNameAreToldApartAsInATable() {
    build(TABLE, "SELECT 1 AS same, 2::HUGEINT AS same, 3 AS \"SAME\"");

    assertThat(read("SELECT same || same_1 || same_2 FROM " + TABLE.sql())).isEqualTo("123");
  }

  /** The table is what DuckDB itself would have made of the SELECT. */
  private void requireEqual(String select) {
    build(TABLE, select);
    assertThat(engine.describeTable(TABLE.sql()))
        .isEqualTo(engine.describeTable("(" + select + ")"));
    String text = "SELECT string_agg(CAST(t AS VARCHAR), chr(10)) FROM %s AS t";
    assertThat(read(text.formatted(TABLE.sql())))
        .isEqualTo(read(text.formatted("(" + select + ")")));
    assertThat(
            read(
                "SELECT count(*) FROM (FROM %1$s EXCEPT ALL FROM (%2$s))"
                    .formatted(TABLE.sql(), select)))
        .isEqualTo("0");
  }

  @Test
  void aBuildThatFailsAtItsLastRowLeavesNothing() {
    String select =
        "SELECT CASE WHEN i = 299999 THEN error('bad row') ELSE i::VARCHAR END AS v FROM range(300000) t(i)";

    assertThatThrownBy(() -> build(TABLE, select))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("bad row");

    assertThat(engine.existing(List.of(TABLE))).isEmpty();
    assertThat(build(TABLE, "SELECT 1 AS one")).isEqualTo(1);
  }

  @Test
  void aTableThatIsThereIsNeverBuiltOver() {
    build(TABLE, "SELECT 1 AS one");

    assertThatThrownBy(() -> engine.build(TABLE, "SELECT 2 AS one", "second", new Cancellation()))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("already exists");

    assertThat(read("SELECT one FROM " + TABLE.sql())).isEqualTo("1");
    engine.drop(TABLE, "mark");
    assertThat(engine.existing(List.of(TABLE))).isEmpty();
  }

  @Test
  void aBuildThatIsCancelledWhileItRunsLeavesNothing() {
    execute("CREATE SEQUENCE began");
    var cancellation = new Cancellation();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var build =
          CompletableFuture.supplyAsync(
              () -> engine.build(TABLE, ENDLESS, "mark", cancellation), executor);
      Wait.until(
          "it has begun",
          () -> {
            assertThat(build).isNotDone();
            return !value("SELECT last_value FROM duckdb_sequences()").equals("null");
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
    execute("CREATE SEQUENCE began");
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int early = 0; early < 50; early++) {
        var cancellation = new Cancellation();
        var build =
            CompletableFuture.supplyAsync(
                () -> engine.build(TABLE, ENDLESS, "mark", cancellation), executor);
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
  void nothingIsExecutedAfterACancel() {
    var cancellation = new Cancellation();
    cancellation.cancel("too late");

    assertThatThrownBy(() -> engine.build(TABLE, "SELECT 1 AS one", "mark", cancellation))
        .isInstanceOf(CancelledException.class)
        .hasMessage("too late");

    assertThat(engine.existing(List.of(TABLE))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1 AS a; DROP TABLE kept",
        "SELECT 1 AS a) ; DROP TABLE kept; --",
        "SELECT 1 AS a --\r; DROP TABLE kept"
      })
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
    var second = new TableName("main", "second__1");
    build(first, "SELECT 1 AS n");
    build(second, "SELECT 2 AS n");
    var one = new TableName("main", "one");
    var two = new TableName("mart", "two");
    engine.publishViews(Map.of(one, first, two, second), Set.of());
    assertThat(read("SELECT one.n || mart.two.n FROM one, mart.two")).isEqualTo("12");

    var gone = new TableName("main", "gone__1");
    var three = new TableName("main", "three");
    assertThatThrownBy(() -> engine.publishViews(Map.of(one, second, three, gone), Set.of(two)))
        .isInstanceOf(EngineException.class);
    assertThat(read("SELECT one.n || mart.two.n FROM one, mart.two")).isEqualTo("12");
    assertThat(engine.existing(List.of(three))).isEmpty();

    engine.publishViews(Map.of(one, second), Set.of(two));
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
    assertThat(engine.publishViews(Map.of(declared, TABLE), Set.of())).containsExactly(declared);
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

  long build(TableName table, String select) {
    return engine.build(table, select, "mark", new Cancellation());
  }

  /** The first value that a package's own SQL reads. */
  String read(String select) {
    return read(engine, select);
  }

  static String read(DuckDbEngine from, String select) {
    return from.query(
        select,
        new Cancellation(),
        rows -> {
          rows.next();
          return Objects.toString(rows.value(0));
        });
  }

  /** The first value that the database itself holds. */
  String value(String sql) {
    return database.use((connection, statement) -> {
      try (ResultSet rows = statement.executeQuery(sql)) {
        rows.next();
        return Objects.toString(rows.getObject(1));
      }
    });
  }

  void execute(String sql) {
    database.use((connection, statement) -> statement.execute(sql));
  }
}
