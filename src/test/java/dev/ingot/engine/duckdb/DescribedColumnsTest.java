package dev.ingot.engine.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DescribedColumnsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "FLOAT[2] | FLOAT[]",
        "INTEGER[2][][3] | INTEGER[][][]",
        "DECIMAL(18,3)[2] | DECIMAL(18,3)[]",
        "STRUCT(\"a[2]\" FLOAT[2], b MAP(VARCHAR, DATE[1])) | STRUCT(\"a[2]\" FLOAT[], b MAP(VARCHAR, DATE[]))",
        "ENUM('x[3]', 'it''s $1 \\ [4]')[5] | ENUM('x[3]', 'it''s $1 \\ [4]')[]",
        "VARCHAR | VARCHAR"
      })
  void anArrayIsAListToTheCompiler(String type, String told) {
    assertThat(DescribedColumns.asLists(type)).isEqualTo(told);
  }
}
