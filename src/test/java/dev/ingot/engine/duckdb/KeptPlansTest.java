package dev.ingot.engine.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.engine.Cancellation;
import dev.ingot.engine.Engine.EngineException;
import dev.ingot.engine.Rows;
import dev.ingot.engine.TableName;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.duckdb.DuckDBDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Queries run on connections that ran others, and with plans that were made before. */
class KeptPlansTest {

  private static final String SUM =
      "SELECT customer, sum(id) AS total FROM t GROUP BY 1 ORDER BY 1";

  @TempDir Path folder;
  private DuckDbDatabase database;
  private DuckDbEngine engine;

  @BeforeEach
  void open() throws IOException {
    database = TestDatabase.open(folder.resolve("package.duckdb"), folder);
    engine = new DuckDbEngine(database, folder);
    execute("CREATE TABLE t AS SELECT 'ann' AS customer, 3 AS id");
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private void execute(String sql) {
    database.use((connection, statement) -> statement.execute(sql));
  }

  private List<String> rows(String select) {
    return engine.query(select, new Cancellation(), KeptPlansTest::all);
  }

  private static List<String> all(Rows rows) {
    var all = new ArrayList<String>();
    while (rows.next()) {
      all.add(rows.value(0) + " " + rows.value(rows.columns().size() - 1));
    }
    return all;
  }

  private void keep(String select) {
    assertThat(engine.repeatable(select, new Cancellation()))
        .contains(Set.of(new TableName("main", "t")));
    for (int time = 0; time < 3; time++) {
      assertThat(rows(select)).containsExactly("ann 3");
    }
  }

  @Test
  void aKeptPlanReadsWhatIsInTheTableNow() {
    keep(SUM);
    execute("INSERT INTO t VALUES ('ann', 4), ('bob', 1)");
    assertThat(rows(SUM)).containsExactly("ann 7", "bob 1");
  }

  @Test
  void aKeptPlanOfATableThatIsGoneFails() {
    keep(SUM);
    execute("DROP TABLE t");
    assertThatThrownBy(() -> rows(SUM))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("t does not exist");
  }

  @Test
  void aKeptPlanOfATableThatIsAnotherNowReadsThat() {
    keep(SUM);
    execute("DROP TABLE t");
    execute("CREATE TABLE t AS SELECT 9.5 AS id, 1 AS more, 'cid' AS customer");
    assertThat(rows(SUM)).containsExactly("cid 9.5");
  }

  @Test
  void theMomentOfAQueryIsItsOwn() {
    String select = "SELECT customer, LOCALTIMESTAMP AS asked FROM t";
    assertThat(engine.repeatable(select, new Cancellation())).isEmpty();
    assertThat(rows(select)).isNotEqualTo(rows(select));
  }

  @Test
  void manyKeptPlansTakeTurns() {
    for (int time = 0; time < 3; time++) {
      for (int number = 0; number < 20; number++) {
        String select =
            "SELECT customer, sum(id) + %d AS total FROM t GROUP BY 1".formatted(number);
        engine.repeatable(select, new Cancellation());
        assertThat(rows(select)).containsExactly("ann " + (3 + number));
      }
    }
  }

  @Test
  void aSeedThatOneQuerySetsIsNotTheNextOnes() {
    rows("SELECT setseed(0.5)");
    List<String> first = rows("SELECT random()");
    rows("SELECT SetSeed(0.5)");
    assertThat(rows("SELECT random()")).isNotEqualTo(first);
  }

  @Test
  void theNextQueryAnswersAfterOneThatFailed() {
    keep(SUM);
    assertThatThrownBy(() -> rows("SELECT customer::INTEGER FROM t"))
        .isInstanceOf(EngineException.class);
    assertThat(rows(SUM)).containsExactly("ann 3");
  }

  /** In this process a file that is open can't be opened in another mode. */
  @Test
  void nothingHoldsTheFileOpenOnceItIsClosed() throws SQLException {
    keep(SUM);
    engine.close();
    var readOnly = new Properties();
    readOnly.setProperty(DuckDBDriver.DUCKDB_READONLY_PROPERTY, "true");
    try (Connection connection =
            DriverManager.getConnection(
                "jdbc:duckdb:" + folder.resolve("package.duckdb"), readOnly);
        Statement statement = connection.createStatement()) {
      assertThat(statement.executeQuery("FROM t").next()).isTrue();
    }
  }
}
