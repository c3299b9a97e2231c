package dev.ingot.engine.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.engine.Cancellation;
import dev.ingot.engine.Engine.EngineException;
import dev.ingot.engine.Engine.Owner;
import dev.ingot.engine.Engine.UnreachableException;
import dev.ingot.engine.Rows;
import dev.ingot.engine.TableName;
import dev.ingot.testing.SlowSql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.duckdb.DuckDBDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

/**
 * A statement that fails within DuckDB itself ends the open database for all others. DuckDB is told
 * to fail so at its next checkpoint.
 */
@Timeout(60)
class InvalidatedDatabaseTest {

  private static final TableName TABLE = new TableName("main", "orders__1");

  @TempDir Path folder;
  private DuckDbDatabase database;
  private DuckDbEngine engine;

  @BeforeEach
  void open() throws IOException, SQLException {
    Path file = folder.resolve("package.duckdb");
    Path spill = Files.createDirectories(folder.resolve("spill"));
    var settings = new DuckDbSettings(DataSize.ofMegabytes(256), 2, 2);
    var properties = new Properties();
    properties.setProperty(DuckDBDriver.JDBC_STREAM_RESULTS, "true");
    // Before the configuration is locked; the instance is the same as long as one has it open.
    try (Connection first = DriverManager.getConnection("jdbc:duckdb:" + file, properties);
        Statement statement = first.createStatement()) {
      statement.execute("SET GLOBAL debug_checkpoint_abort = 'before_header'");
      database =
          DuckDbDatabase.open(
              file,
              new Hardening(folder, spill, settings, null, TestDatabase.nothingElse(spill)),
              () -> false);
    }
    engine = new DuckDbEngine(database, folder);
    engine.build(
        TABLE, "SELECT range AS n FROM range(10)", new Owner("mark", "test"), new Cancellation());
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private void failWithinDuckDb() {
    assertThatThrownBy(
            () -> database.useOnce((connection, statement) -> statement.execute("CHECKPOINT")))
        .isInstanceOf(EngineException.class)
        .isNotInstanceOf(UnreachableException.class)
        .hasMessageContaining("FATAL Error");
  }

  private String sum() {
    return engine.query(
        "SELECT sum(n) FROM " + TABLE.sql(),
        new Cancellation(),
        rows -> {
          rows.next();
          return Objects.toString(rows.value(0));
        });
  }

  @Test
  void whatComesAfterItIsAnsweredFromTheDatabaseThatIsOpenedAgain() {
    failWithinDuckDb();

    assertThat(sum()).isEqualTo("45");
    assertThat(engine.existing(List.of(TABLE))).containsExactly(TABLE);
  }

  @Test
  void whatReadRowsMeanwhileIsToldThatItMayAskAgain() {
    assertThatThrownBy(() ->
            engine.query(
                "SELECT range FROM range(3000000)",
                new Cancellation(),
                rows -> {
                  assertThat(rows.next()).isTrue();
                  failWithinDuckDb();
                  return count(rows);
                }))
        .isInstanceOf(UnreachableException.class);

    assertThat(sum()).isEqualTo("45");
  }

  @Test
  void whatRunsForLongIsEndedSoThatItCanBeOpenedAgain() throws Exception {
    var begun = new CountDownLatch(1);
    var slow =
        CompletableFuture.supplyAsync(() ->
            engine.query(
                SlowSql.SELECT,
                new Cancellation(),
                rows -> {
                  begun.countDown();
                  return count(rows);
                }));
    begun.await();
    failWithinDuckDb();

    assertThat(sum()).isEqualTo("45");
    assertThatThrownBy(slow::join).cause().isInstanceOf(UnreachableException.class);
  }

  @Test
  void aBuildIsToldSoToo() {
    var other = new TableName("main", "other__1");
    failWithinDuckDb();

    assertThat(
            engine.build(other, "SELECT 1 AS one", new Owner("mark", "test"), new Cancellation()))
        .isEqualTo(1);
  }

  private static long count(Rows rows) {
    long count = 0;
    while (rows.next()) {
      count++;
    }
    return count;
  }
}
