package dev.ingot.engine.postgres;

import dev.ingot.engine.Cancellation;
import dev.ingot.engine.Engine.EngineException;
import dev.ingot.engine.Engine.Owner;
import dev.ingot.engine.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Generations that are tables of the database. */
final class PostgresTables {

  private static final int NAME_LENGTH = 63;

  /** Of a run's id, and what comes before it. */
  private static final int RUN_LENGTH = 37;

  private static final String ROOM = "pg_catalog.hashtextextended(?, 0)";

  private final PostgresDatabase database;

  PostgresTables(PostgresDatabase database) {
    this.database = database;
  }

  /**
   * A lock of the table's own is held until the transaction's end, so that whoever cleans up sees
   * that it may still come to be: a statement whose client died can commit.
   */
  long build(TableName table, String select, Owner owner, Cancellation cancellation) {
    String create = "CREATE TABLE %s AS %s".formatted(table.sql(), PostgresSql.rows(select));
    return database.transactWatched(connection -> {
      text(connection, "SELECT set_config('application_name', ?, true)", named(owner.session()));
      try (Statement statement = PostgresDatabase.plain(connection)) {
        long rows =
            PostgresDatabase.cancellable(
                connection,
                cancellation,
                c -> {
                  text(c, "SELECT pg_advisory_xact_lock(%s)".formatted(ROOM), table.sql());
                  return statement.executeLargeUpdate(create);
                });
        statement.execute(
            "COMMENT ON TABLE %s IS %s".formatted(table.sql(), PostgresSql.literal(owner.mark())));
        return rows;
      }
    });
  }

  /** PostgreSQL cuts off the end of what is longer, which tells the run. */
  private static String named(String session) {
    int more = session.length() - NAME_LENGTH;
    return more <= 0
        ? session
        : session.substring(0, NAME_LENGTH - RUN_LENGTH)
            + session.substring(session.length() - RUN_LENGTH);
  }

  private static String text(Connection connection, String sql, String parameter)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, parameter);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return String.valueOf(row.getString(1));
      }
    }
  }

  /** With what lies beside it, such as long texts. */
  OptionalLong bytes(TableName table) {
    return database.read(connection -> {
      try (PreparedStatement statement =
          connection.prepareStatement(
              "SELECT pg_catalog.pg_total_relation_size(pg_catalog.to_regclass(?))")) {
        statement.setString(1, table.sql());
        try (ResultSet row = statement.executeQuery()) {
          row.next();
          long bytes = row.getLong(1);
          return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(bytes);
        }
      }
    });
  }

  Set<TableName> existing(Collection<TableName> names) {
    return names.isEmpty()
        ? Set.of()
        : database.read(
            connection -> Set.copyOf(PostgresRelation.find(connection, names).keySet()));
  }

  Set<TableName> built(Map<TableName, String> marks) {
    if (marks.isEmpty()) {
      return Set.of();
    }
    Map<TableName, PostgresRelation> there =
        database.read(connection -> PostgresRelation.find(connection, marks.keySet()));
    return marks.entrySet().stream()
        .filter(one -> PostgresRelation.isBuilt(there.get(one.getKey()), one.getValue()))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  void drop(TableName table, String mark) {
    database.transact(connection -> {
      try (Statement statement = connection.createStatement()) {
        statement.execute(PostgresSql.LOCK_TIMEOUT);
        if (!text(connection, "SELECT pg_try_advisory_xact_lock(%s)".formatted(ROOM), table.sql())
            .equals("t")) {
          throw refused("a session of the database still builds it", null);
        }
        PostgresRelation there = PostgresRelation.find(connection, List.of(table)).get(table);
        if (there == null) {
          return false;
        }
        if (!PostgresRelation.isBuilt(there, mark)) {
          throw new EngineException(
              "%s is not the table that Ingot made, so it stays".formatted(table),
              new IllegalStateException(there.mark()));
        }
        return dropNow(statement, table);
      }
    });
  }

  private static boolean dropNow(Statement statement, TableName table) throws SQLException {
    try {
      return statement.execute("DROP TABLE " + table.sql());
    } catch (SQLException e) {
      if (PostgresErrors.isLocked(e)) {
        throw refused("somebody reads it", e);
      }
      if (PostgresErrors.isDependedOn(e)) {
        throw refused("something that stays is made of it: " + PostgresErrors.said(e), e);
      }
      throw e;
    }
  }

  private static EngineException refused(String why, @Nullable SQLException e) {
    return new EngineException(why, e == null ? new IllegalStateException(why) : e);
  }

  void disown(Collection<TableName> names) {
    if (names.isEmpty()) {
      return;
    }
    database.transact(connection -> {
      Map<TableName, PostgresRelation> there = PostgresRelation.find(connection, names);
      try (Statement statement = connection.createStatement()) {
        statement.execute(PostgresSql.LOCK_TIMEOUT);
        for (TableName name : names) {
          PostgresRelation relation = there.get(name);
          if (relation != null && relation.isIngots()) {
            statement.execute(
                "COMMENT ON %s %s IS NULL"
                    .formatted(relation.view() ? "VIEW" : "TABLE", name.sql()));
          }
        }
      }
      return true;
    });
  }
}
