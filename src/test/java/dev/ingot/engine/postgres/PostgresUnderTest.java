package dev.ingot.engine.postgres;

import dev.ingot.engine.Engine;
import dev.ingot.engine.EngineUnderTest;
import dev.ingot.engine.TableName;
import dev.ingot.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** What only PostgreSQL has. */
abstract class PostgresUnderTest extends EngineUnderTest {

  static final TableName SECOND = new TableName("main", "orders__2");
  static final TableName VIEW = new TableName("main", "orders");

  final PostgresFixture at = new PostgresFixture(LIMIT);
  final TestDatabase database = at.database;

  /** A transaction of somebody else, who has read something. */
  final class Reader implements AutoCloseable {
    final Connection connection;

    Reader(String select) throws SQLException {
      connection = database.connect();
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.execute(select);
      }
    }

    @Override
    public void close() throws SQLException {
      connection.close();
    }
  }

  @Override
  protected Engine open() {
    return at.open(folder);
  }

  @Override
  protected void shut() {
    at.shut();
  }

  @Override
  protected void execute(String sql) {
    at.execute(sql);
  }

  @Override
  protected String numbers(int count) {
    return PostgresFixture.numbers(count);
  }

  @Override
  protected String failing() {
    return PostgresFixture.failing();
  }

  @Override
  protected String endless(String name) {
    return PostgresFixture.endless(name);
  }

  @Override
  protected boolean hasBegun(String name) {
    return at.hasBegun(name);
  }
}
