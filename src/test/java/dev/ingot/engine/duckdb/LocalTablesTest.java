package dev.ingot.engine.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LocalTablesTest extends DuckDbSuite {

  @Override
  DuckDbEngine open(DuckDbDatabase opened) {
    return new DuckDbEngine(opened, packageFolder);
  }

  @Override
  @Nullable SharedFolder shared() {
    return null;
  }

  @Test
  void aTableSaysWhoseItIs() {
    build(TABLE, "SELECT 1 AS one");

    assertThat(value("SELECT comment FROM duckdb_tables() WHERE table_name = 'orders__1'"))
        .isEqualTo("mark");
    assertThat(duckdb.isEmpty()).isFalse();
  }

  @Test
  void numbersThatTakeDuckDbLongToUnpackAreKeptAsTheyAre() throws IOException {
    String number = "i * 7 % 1000";
    build(
        TABLE,
        """
        SELECT (%1$s)::HUGEINT AS h, (%1$s)::UHUGEINT AS u, (%1$s)::DECIMAL(19, 2) AS d,
          (%1$s)::DECIMAL(18, 2) AS small, %1$s AS b, 'a "b"' AS "a ""b"
        FROM %2$s
        """
            .formatted(number, numbers(10_000)));

    for (String file : List.of(".duckdb", ".duckdb.wal")) {
      Files.copy(folder.resolve("one" + file), folder.resolve("read from the log" + file));
    }
    requireKeptPlain(database);
    try (DuckDbDatabase again = database("read from the log")) {
      requireKeptPlain(again);
    }
    assertThat(value("SELECT sum(h) || ' ' || sum(d) FROM " + TABLE.sql()))
        .isEqualTo(
            value(
                "SELECT sum(%1$s) || ' ' || sum(%1$s) || '.00' FROM %2$s"
                    .formatted(number, numbers(10_000))));
  }

  private static void requireKeptPlain(DuckDbDatabase in) {
    String plain =
        """
        SELECT string_agg(DISTINCT column_name, ' ' ORDER BY column_name)
        FROM pragma_storage_info('orders__1')
        WHERE segment_type <> 'VALIDITY' AND compression = 'Uncompressed'
        """;
    in.use((connection, statement) -> statement.execute("CHECKPOINT"));
    assertThat(value(in, plain)).isEqualTo("d h u");
  }

  @Test
  void aCollationIsKeptBesideThem() {
    execute("CREATE TABLE main.collated AS SELECT 'A' COLLATE nocase AS v");
    build(TABLE, "SELECT v, 1::HUGEINT AS n FROM main.collated");

    assertThat(value("SELECT count(*) FROM %s WHERE v = 'a'".formatted(TABLE.sql())))
        .isEqualTo("1");
  }
}
