package dev.ingot.engine.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

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
}
