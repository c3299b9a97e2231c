package dev.ingot.state.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.fault.Fault;
import dev.ingot.project.DataPath;
import dev.ingot.testing.TestPostgres;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LakeInstanceTest {

  /** In DuckDB 1.5.5, the text of a cast of nothing. */
  private static final String FAILS_WITHIN_DUCKDB =
      """
      SELECT json_deserialize_sql(
        replace(json_serialize_sql(text)::VARCHAR, '"child":', '"other":')::JSON)
      FROM (SELECT format('SELECT CAST({} AS VARCHAR)', range) AS text FROM range(3))
      """;

  @TempDir Path folder;

  @Test
  void oneThatWasLetGoOfIsNotAttachedAgain() {
    var data = new DataPath("file://" + folder.resolve("tables"));
    try (LakeInstance lake = TestLake.instance(TestPostgres.database(), data, folder)) {
      String sql = "SELECT count(*) FROM duckdb_databases() WHERE database_name = 'lk'";
      Long attached = lake.use(client -> client.sql(sql).query(Long.class).single());
      assertThat(attached).isEqualTo(1);

      lake.close();

      assertThatThrownBy(() -> lake.use(client -> client.sql(sql).query(Long.class).single()))
          .isInstanceOf(Fault.class)
          .hasMessageContaining("let go");
    }
  }

  @Test
  void aFailureWithinDuckDbDoesNotEndTheProcessInAnOpenTransaction() {
    var data = new DataPath("file://" + folder.resolve("tables"));
    try (LakeInstance lake = TestLake.instance(TestPostgres.database(), data, folder)) {
      lake.transact(client -> client.sql("CREATE TABLE lk.t (n INTEGER)").update());

      assertThatThrownBy(() ->
              lake.transact(client -> {
                client.sql("INSERT INTO lk.t VALUES (1)").update();
                return client.sql(FAILS_WITHIN_DUCKDB).query(String.class).list();
              }))
          .isInstanceOf(Fault.class);

      // Attached anew, and nothing of it was done.
      List<Integer> rows =
          lake.transact(client -> client.sql("FROM lk.t").query(Integer.class).list());
      assertThat(rows).isEmpty();
    }
  }
}
