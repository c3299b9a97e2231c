package dev.ingot.state.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.fault.Fault;
import dev.ingot.project.DataPath;
import dev.ingot.testing.TestPostgres;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LakeInstanceTest {

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
}
