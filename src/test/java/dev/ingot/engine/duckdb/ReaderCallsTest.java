package dev.ingot.engine.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReaderCallsTest {

  private static final Path FOLDER = Path.of("/it's");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "FROM read_csv('a.csv') | FROM read_csv('/it''s/a.csv')",
        "FROM Read_CSV ( 'b''c.csv', sep = ';') | FROM Read_CSV ( '/it''s/b''c.csv', sep = ';')",
        "FROM \"read_csv\"('a.csv') | FROM \"read_csv\"('/it''s/a.csv')",
        "FROM system.main.read_json(/* x */ 'a.json') | FROM system.main.read_json(/* x */ '/it''s/a.json')",
        "FROM read_csv(['a.csv' , '/b.csv', 'c.csv']) | FROM read_csv(['/it''s/a.csv' , '/b.csv', '/it''s/c.csv'])",
        "FROM read_csv('a.csv'), read_csv('../b.csv') | FROM read_csv('/it''s/a.csv'), read_csv('/it''s/../b.csv')"
      })
  void aRelativeNameIsGivenItsFolder(String sql, String given) {
    assertThat(ReaderCalls.in(FOLDER, sql)).isEqualTo(given);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "FROM read_csv('/a.csv')",
        "FROM read_csv('s3://bucket/a.csv')",
        "FROM read_csv('~/a.csv')",
        "FROM read_csv('')",
        "FROM read_csv(E'a.csv')",
        "FROM read_csv($$a.csv$$)",
        "FROM read_csv((SELECT 'a.csv'))",
        "FROM read_csv(lower('a.csv'))",
        "FROM 'a.csv'",
        "FROM my_read_csv('a.csv')",
        "FROM read_csv_('a.csv')",
        "SELECT 'read_csv(''a.csv'')' AS s, f('a.csv')",
        "-- read_csv('a.csv')\nSELECT 1",
        "SELECT \"read_csv('a.csv')\" FROM t",
        "FROM read_csv(sep = 'a.csv')"
      })
  void everythingElseStaysAsItIs(String sql) {
    assertThat(ReaderCalls.in(FOLDER, sql)).isEqualTo(sql);
  }
}
