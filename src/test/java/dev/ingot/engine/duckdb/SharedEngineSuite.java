package dev.ingot.engine.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.engine.Cancellation;
import dev.ingot.engine.Engine.EngineException;
import dev.ingot.engine.TableName;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same for generations that several servers read. */
abstract class SharedEngineSuite extends DuckDbSuite {

  private static final TableName DECLARED = new TableName("main", "orders");

  abstract Lake lake();

  @Override
  abstract SharedFolder shared();

  @Override
  DuckDbEngine open(DuckDbDatabase opened) {
    return new DuckDbEngine(
        opened,
        packageFolder,
        definitions ->
            new ParquetTables(new ParquetFiles(opened, shared()), opened, definitions, lake()));
  }

  String file(TableName table) {
    return new ParquetFiles(database, shared()).path(table);
  }

  @Test
  void anotherServerReadsWhatThisOneBuilt() throws IOException {
    build(TABLE, "SELECT 170000000000000000::HUGEINT AS n, 'a'::ENUM ('a', 'b') AS e");
    DuckDbDatabase two = database("two");
    try (DuckDbEngine other = open(two)) {
      assertThat(other.built(Map.of(TABLE, "another"))).isEmpty();
      assertThat(other.built(Map.of(TABLE, "mark", DECLARED, "mark"))).containsExactly(TABLE);

      assertThat(other.existing(List.of(TABLE, DECLARED))).containsExactly(TABLE);
      assertThat(two.use((connection, statement) -> Relation.all(statement)).keySet()).isEmpty();
      other.attach(Map.of(TABLE, "another"));
      assertThat(two.use((connection, statement) -> Relation.all(statement)).keySet()).isEmpty();

      other.attach(Map.of(TABLE, "mark"));

      assertThat(other.describeTable(TABLE.sql())).isEqualTo(engine.describeTable(TABLE.sql()));
      assertThat(other.publishViews(Map.of(DECLARED, TABLE), Set.of(), "p/shop")).isEmpty();
      assertThat(read(other, "SELECT n || e FROM orders")).isEqualTo("170000000000000000a");
    }
  }

  @Test
  void aTableThatAnotherServerDroppedIsGoneHereToo() throws IOException {
    build(TABLE, "SELECT 1 AS one");
    try (DuckDbEngine other = open(database("two"))) {
      other.attach(Map.of(TABLE, "mark"));
      other.drop(TABLE, "mark");

      assertThat(engine.existing(List.of(TABLE))).isEmpty();
      assertThat(other.existing(List.of(TABLE))).isEmpty();
    }
    engine.drop(TABLE, "mark");
  }

  @Test
  void viewsOfFilesThatOthersDroppedGoWhenADatabaseIsOpened() throws IOException {
    var kept = new TableName("main", "Kept__1");
    build(TABLE, "SELECT 1 AS one");
    build(kept, "SELECT 2 AS two");
    try (DuckDbEngine other = open(database("two"))) {
      other.attach(Map.of(TABLE, "mark", kept, "mark"));
    }
    engine.drop(TABLE, "mark");

    DuckDbDatabase again = database("two");
    try (DuckDbEngine other = open(again)) {
      other.attach(Map.of(kept, "mark"));
      assertThat(other.existing(List.of(kept))).containsExactly(kept);

      assertThat(again.use((connection, statement) -> Relation.all(statement)).keySet())
          .containsExactly(kept.folded());
    }
  }

  @Test
  void aFileThatSomebodyElseWroteIsNoTable() {
    shared().create();
    execute("COPY (SELECT 1 AS one) TO '%s' (FORMAT parquet)".formatted(file(TABLE)));

    assertThat(engine.existing(List.of(TABLE))).isEmpty();
    assertThatThrownBy(() -> engine.drop(TABLE, "mark"))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("so it stays");
    assertThatThrownBy(() -> build(TABLE, "SELECT 2 AS one"))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("already exists");

    assertThat(value("SELECT one FROM read_parquet('%s')".formatted(file(TABLE)))).isEqualTo("1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1::UNION(a INTEGER, b VARCHAR) AS v",
        "SELECT [{'x': 1::UNION(a INTEGER, b VARCHAR)}] AS v",
        "SELECT {'a': 1}::VARIANT AS v",
        "SELECT 'a' COLLATE NOCASE AS v",
        "SELECT ['a'::ENUM('a', 'b')] AS v",
        "SELECT 170141183460469231731687303715884105727::HUGEINT AS v",
        "SELECT [170141183460469231731687303715884105727::HUGEINT] AS v"
      })
  void whatAFileCantHoldIsAnErrorAndNoOtherValue(String select) {
    assertThatThrownBy(() -> build(TABLE, select)).isInstanceOf(EngineException.class);
    assertThat(engine.existing(List.of(TABLE))).isEmpty();
  }

  @Test
  void aDatabaseWithoutForeignThingsIsEmpty() {
    build(TABLE, "SELECT 1 AS one");
    assertThat(duckdb.isEmpty()).isTrue();

    engine.disown(List.of(TABLE));

    assertThat(duckdb.isEmpty()).isFalse();
    assertThatThrownBy(() -> engine.drop(TABLE, "mark")).isInstanceOf(EngineException.class);
    assertThat(read("SELECT one FROM " + TABLE.sql())).isEqualTo("1");
  }

  @Test
  void sqlOfAPackageReachesNeitherOtherFilesOfTheProjectNorItsSecrets() {
    String root = shared().data().root();
    for (String sql :
        List.of(
            "COPY (SELECT 1 AS one) TO '%s/other.parquet'".formatted(root),
            "SELECT * FROM glob('%s/*')".formatted(root),
            "SELECT * FROM '%s/%s/other/x.parquet'".formatted(root, shared().key().project()),
            "SELECT * FROM duckdb_secrets()",
            "SELECT * FROM duckdb_secrets(redact => false)",
            "SELECT * FROM which_secret('%s', 's3')".formatted(file(TABLE)),
            "LOAD postgres_scanner",
            "SELECT * FROM postgres_query('lk', 'SELECT 1')",
            "CALL postgres_execute('__ducklake_metadata_lk', 'SELECT 1')",
            "ATTACH 'ducklake:postgres:' AS lk",
            "ATTACH 'host=127.0.0.1' AS pg (TYPE postgres)")) {
      assertThatThrownBy(() -> engine.query(sql, new Cancellation(), rows -> rows.next()), sql)
          .isInstanceOf(EngineException.class);
      assertThatThrownBy(() -> build(TABLE, sql), sql).isInstanceOf(EngineException.class);
      assertThatThrownBy(() -> engine.describeSelect(sql), sql).isInstanceOf(EngineException.class);
    }
  }
}
