package dev.ingot.engine.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.engine.CarriedEngine;
import dev.ingot.engine.Engine;
import dev.ingot.engine.Engine.EngineException;
import dev.ingot.engine.EngineColumn;
import dev.ingot.engine.EngineSuite;
import dev.ingot.engine.TableName;
import dev.ingot.testing.NoTelemetry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The same on DuckDB, wherever its generations are kept, and its types. */
abstract class DuckDbSuite extends EngineSuite {

  /** Of the columns, as DuckDB has them. */
  private static final String TYPES =
      "SELECT string_agg(column_name || ' ' || column_type, ', ') FROM (DESCRIBE SELECT * FROM %s)";

  Path packageFolder;
  DuckDbDatabase database;
  DuckDbEngine duckdb;
  private CarriedEngine carried;

  /** The engine of a server of this name. */
  abstract DuckDbEngine open(DuckDbDatabase opened);

  /** Null where tables lie in the database. */
  abstract @Nullable SharedFolder shared();

  @BeforeEach
  @Override
  protected void start() throws IOException {
    folder = folder.toRealPath();
    packageFolder = Files.createDirectories(folder.resolve("package"));
    database = database("one");
    duckdb = open(database);
    carried = new CarriedEngine(duckdb, "duckdb", "one", LIMIT, NoTelemetry.get());
    super.start();
  }

  @Override
  protected Engine open() {
    return carried;
  }

  @Override
  protected void shut() {
    duckdb.close();
    carried.close();
  }

  /** Of another server with the same package. */
  DuckDbDatabase database(String server) throws IOException {
    return TestDatabase.open(
        folder.resolve(server + ".duckdb"), packageFolder, TestDatabase.THREADS, shared());
  }

  @Override
  protected String numbers(int count) {
    return "range(%d) t(i)".formatted(count);
  }

  @Override
  protected String failing() {
    return "error('bad row')";
  }

  @Override
  protected String endless(String name) {
    execute("CREATE SEQUENCE " + name);
    return "SELECT nextval('%s') AS n FROM range(100000), range(100000), range(100000)"
        .formatted(name);
  }

  @Override
  protected boolean hasBegun(String name) {
    return !value(
            "SELECT last_value FROM duckdb_sequences() WHERE sequence_name = '%s'".formatted(name))
        .equals("null");
  }

  @Test
  void aTableWithoutRowsKeepsTheTypesThatParquetLacks() {
    build(TABLE, "SELECT 1::HUGEINT AS n, NULL AS nothing WHERE false");

    assertThat(read("SELECT count(*) FROM " + TABLE.sql())).isEqualTo("0");
    assertThat(engine.describeTable(TABLE.sql()).getFirst())
        .isEqualTo(new EngineColumn("n", "HUGEINT"));
  }

  @Test
  void aCarriageReturnEndsACommentSoWhatFollowsIsASecondStatement() {
    var kept = new TableName("main", "kept");
    build(kept, "SELECT 1 AS one");
    String sql = "SELECT 1 AS a --\r; DROP TABLE kept";

    assertThatThrownBy(() -> build(TABLE, sql)).isInstanceOf(EngineException.class);
    assertThatThrownBy(() -> engine.describeSelect(sql)).isInstanceOf(EngineException.class);
    assertThat(engine.existing(List.of(kept))).containsExactly(kept);
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
  void aPivotWhoseColumnsComeFromTheDataIsATableOrNothing() {
    String pivot =
        "FROM (PIVOT (FROM (VALUES ('a', %s), ('b', '2')) AS o(v, n)) ON v USING max(n))";

    assertThatThrownBy(() -> build(TABLE, pivot.formatted(failing())))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("bad row");
    assertThat(engine.existing(List.of(TABLE))).isEmpty();

    assertThat(build(TABLE, pivot.formatted("'1'"))).isEqualTo(1);
    assertThat(read("SELECT a || b FROM " + TABLE.sql())).isEqualTo("12");
    assertThat(engine.built(Map.of(TABLE, "mark"))).containsExactly(TABLE);
    assertThatThrownBy(() -> build(TABLE, pivot.formatted("'3'")))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("already exists");
    assertThat(read("SELECT a || b FROM " + TABLE.sql())).isEqualTo("12");
  }

  @Test
  void columnsOfOneNameAreToldApartAsInATable() {
    build(TABLE, "SELECT 1 AS same, 2::HUGEINT AS same, 3 AS \"SAME\"");

    assertThat(read("SELECT same || same_1 || same_2 FROM " + TABLE.sql())).isEqualTo("123");
  }

  /** The table is what DuckDB itself would have made of the SELECT. */
  private void requireEqual(String select) {
    build(TABLE, select);
    assertThat(read(TYPES.formatted(TABLE.sql())))
        .isEqualTo(read(TYPES.formatted("(" + select + ")")));
    String text = "SELECT string_agg(CAST(t AS VARCHAR), chr(10)) FROM %s AS t";
    assertThat(read(text.formatted(TABLE.sql())))
        .isEqualTo(read(text.formatted("(" + select + ")")));
    assertThat(
            read(
                "SELECT count(*) FROM (FROM %1$s EXCEPT ALL FROM (%2$s))"
                    .formatted(TABLE.sql(), select)))
        .isEqualTo("0");
  }

  /** The first value that the database itself holds. */
  String value(String sql) {
    return value(database, sql);
  }

  static String value(DuckDbDatabase in, String sql) {
    return in.use((connection, statement) -> {
      try (ResultSet rows = statement.executeQuery(sql)) {
        rows.next();
        return Objects.toString(rows.getObject(1));
      }
    });
  }

  @Override
  protected void execute(String sql) {
    database.use((connection, statement) -> statement.execute(sql));
  }
}
