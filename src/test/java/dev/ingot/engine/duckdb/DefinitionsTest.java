package dev.ingot.engine.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.engine.TableName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lies in the database is remembered, and never longer than it is true. */
class DefinitionsTest {

  private static final TableName TABLE = new TableName("main", "orders__1");
  private static final TableName VIEW = new TableName("main", "orders");

  @TempDir Path folder;
  private DuckDbDatabase database;
  private Definitions definitions;

  @BeforeEach
  void open() throws IOException {
    database = TestDatabase.open(folder.resolve("package.duckdb"), folder);
    definitions = new Definitions(database);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void whatIsCommittedWhileOthersLookIsSeen() {
    assertThat(definitions.relations()).isEmpty();
    database.transact((connection, statement) -> {
      statement.execute("CREATE TABLE orders__1 AS SELECT 1 AS n");
      assertThat(definitions.relations()).isEmpty();
      return true;
    });

    assertThat(definitions.relations()).containsOnlyKeys(TABLE);
    database.use((connection, statement) -> statement.execute("DROP TABLE orders__1"));
    assertThat(definitions.relations()).isEmpty();
  }

  @Test
  void viewsThatAreThereAreLeftAlone() {
    database.use(
        (connection, statement) -> statement.execute("CREATE TABLE orders__1 AS SELECT 1 AS n"));
    var views = new ShownViews(definitions);

    assertThat(views.publish(Map.of(VIEW, TABLE), List.of())).isEmpty();
    assertThat(definitions.relations()).containsOnlyKeys(TABLE, VIEW);
    long changes = database.changes();
    assertThat(views.publish(Map.of(VIEW, TABLE), List.of())).isEmpty();
    assertThat(database.changes()).isEqualTo(changes);

    database.use((connection, statement) -> statement.execute("DROP VIEW orders"));
    assertThat(views.publish(Map.of(VIEW, TABLE), List.of())).isEmpty();
    assertThat(definitions.relations()).containsOnlyKeys(TABLE, VIEW);
    assertThat(views.publish(Map.of(), List.of(VIEW))).isEmpty();
    assertThat(definitions.relations()).containsOnlyKeys(TABLE);
  }
}
