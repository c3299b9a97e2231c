package dev.ingot.engine.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.engine.Cancellation;
import dev.ingot.engine.Cancellation.CancelledException;
import dev.ingot.engine.Engine.EngineException;
import dev.ingot.engine.Rows;
import dev.ingot.testing.SlowSql;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The driver takes what is cut off for the end, and can't cancel a fetch. */
@Timeout(60)
class WholeRowsTest {

  private static final String FAILS_LATE =
      "SELECT (CASE WHEN range = 2900000 THEN 'none' ELSE '1' END)::INTEGER AS n FROM range(3000000)";

  /** A million rows, and then hours without one. */
  private static final String FALLS_SILENT =
      "SELECT range::UBIGINT AS h FROM range(1000000) UNION ALL SELECT h FROM (%s) WHERE h = 0"
          .formatted(SlowSql.SELECT);

  @TempDir Path folder;
  private DuckDbEngine engine;

  @BeforeEach
  void open() throws IOException {
    DuckDbDatabase database = TestDatabase.open(folder.resolve("package.duckdb"), folder, 1, null);
    engine = new DuckDbEngine(database, folder);
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private static long count(Rows rows) {
    long count = 0;
    while (rows.next()) {
      count++;
    }
    return count;
  }

  @Test
  void allRowsAreRead() {
    assertThat(
            engine.query(
                "SELECT range FROM range(3000000)", new Cancellation(), WholeRowsTest::count))
        .isEqualTo(3_000_000);
  }

  @Test
  void anErrorAfterTheFirstRowsIsAnErrorWithDuckDbsReason() {
    assertThatThrownBy(() -> engine.query(FAILS_LATE, new Cancellation(), WholeRowsTest::count))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("Could not convert string 'none' to INT32");
  }

  @Test
  void aStatementIsCancelledWhileItsRowsAreRead() {
    var cancellation = new Cancellation();
    assertThatThrownBy(() ->
            engine.query(
                SlowSql.SELECT,
                cancellation,
                rows -> {
                  assertThat(rows.next()).isTrue();
                  cancellation.cancel("enough");
                  return count(rows);
                }))
        .isInstanceOf(CancelledException.class)
        .hasMessage("enough");
  }

  @Test
  void aStatementIsCancelledWhileItHasNoRowForALongTime() {
    var cancellation = new Cancellation();
    assertThatThrownBy(() ->
            engine.query(
                FALLS_SILENT,
                cancellation,
                rows -> {
                  // The rest of the million lies in DuckDB's buffer until it is full.
                  for (int i = 0; i < 800_000; i++) {
                    assertThat(rows.next()).isTrue();
                  }
                  cancellation.cancel("enough");
                  return count(rows);
                }))
        .isInstanceOf(CancelledException.class)
        .hasMessage("enough");
  }
}
