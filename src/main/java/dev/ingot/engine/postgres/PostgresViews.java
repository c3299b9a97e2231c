package dev.ingot.engine.postgres;

import dev.ingot.engine.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Declared names as views over generations.
 *
 * <ol>
 *   <li>All move in one transaction, sorted by name, so that two servers never wait for each other.
 *   <li>All locks together are waited for half a second: readers that come meanwhile queue behind
 *       the first one.
 *   <li>While somebody holds one for longer, each view moves by itself, so that the others follow.
 *   <li>A view whose columns change is dropped and made again, with its owner and its grants. One
 *       that something else is made of stays as it is; the database then keeps its table, too.
 * </ol>
 */
final class PostgresViews {

  private static final int TRIES = 2;
  private static final String IN_USE =
      "somebody holds a lock on it for longer than Ingot waits; it follows later";

  private final PostgresDatabase database;

  PostgresViews(PostgresDatabase database) {
    this.database = database;
  }

  /**
   * What a view is to become.
   *
   * @param table null for one that goes
   */
  private record Wish(TableName name, @Nullable TableName table, String owner) {

    String mark() {
      return "%s of %s%s".formatted(PostgresRelation.DECLARED, table, ending());
    }

    String ending() {
      return " for " + owner;
    }

    boolean isSo(@Nullable PostgresRelation found) {
      return found == null ? table == null : table != null && found.mark().equals(mark());
    }
  }

  /** A lock wasn't to be had. */
  private static final class LockedException extends RuntimeException {
    LockedException(SQLException cause) {
      super(cause);
    }
  }

  /**
   * @return the names that don't show what they should, with the reason
   */
  Map<TableName, String> publish(
      Map<TableName, TableName> views, Collection<TableName> removed, String owner) {
    var wishes = new TreeMap<TableName, Wish>(Comparator.comparing(TableName::sql));
    removed.forEach(name -> wishes.put(name, new Wish(name, null, owner)));
    views.forEach((name, table) -> wishes.put(name, new Wish(name, table, owner)));
    if (wishes.isEmpty()) {
      return Map.of();
    }
    List<Wish> all = List.copyOf(wishes.values());
    for (int i = 0; i < TRIES; i++) {
      Optional<Map<TableName, String>> done = together(all);
      if (done.isPresent()) {
        return done.get();
      }
    }
    var kept = new HashMap<TableName, String>();
    for (Wish one : all) {
      kept.putAll(together(List.of(one)).orElse(Map.of(one.name(), IN_USE)));
    }
    return kept;
  }

  /** Empty when a lock wasn't to be had; nothing is changed then. */
  private Optional<Map<TableName, String>> together(List<Wish> wishes) {
    try {
      return Optional.of(database.transact(connection -> change(connection, wishes)));
    } catch (LockedException e) {
      return Optional.empty();
    }
  }

  private static Map<TableName, String> change(Connection connection, List<Wish> wishes)
      throws SQLException {
    var kept = new HashMap<TableName, String>();
    Map<TableName, PostgresRelation> there =
        PostgresRelation.find(connection, wishes.stream().map(Wish::name).toList());
    long begun = System.nanoTime();
    try (Statement statement = connection.createStatement()) {
      for (Wish wish : wishes) {
        PostgresRelation found = there.get(wish.name());
        if (found == null || (found.isDeclaredView() && found.mark().endsWith(wish.ending()))) {
          change(connection, statement, wish, found, begun)
              .ifPresent(why -> kept.put(wish.name(), why));
        } else if (wish.table() != null) {
          kept.put(wish.name(), "it is taken by a table or view that Ingot did not make for it");
        }
      }
      return kept;
    } catch (SQLException e) {
      if (PostgresErrors.isLocked(e)) {
        throw new LockedException(e);
      }
      throw e;
    }
  }

  /** Why it can't be what it should; it stays as it is then. */
  private static Optional<String> change(
      Connection connection,
      Statement statement,
      Wish wish,
      @Nullable PostgresRelation found,
      long begun)
      throws SQLException {
    if (wish.isSo(found)) {
      return Optional.empty();
    }
    statement.execute(PostgresSql.lockTimeout(begun));
    if (wish.table() == null) {
      return attempt(connection, () -> statement.execute("DROP VIEW " + wish.name().sql()));
    }
    String options = found == null ? "" : found.options();
    String body =
        "VIEW %s %s AS SELECT * FROM %s".formatted(wish.name().sql(), options, wish.table().sql());
    return attempt(
        connection,
        () -> {
          replace(connection, statement, wish.name(), body, begun);
          statement.execute(
              "COMMENT ON VIEW %s IS %s"
                  .formatted(wish.name().sql(), PostgresSql.literal(wish.mark())));
        });
  }

  private static void replace(
      Connection connection, Statement statement, TableName name, String body, long begun)
      throws SQLException {
    Savepoint before = connection.setSavepoint();
    try {
      statement.execute("CREATE OR REPLACE " + body);
    } catch (SQLException e) {
      if (!PostgresErrors.hasOtherColumns(e)) {
        throw e;
      }
      connection.rollback(before);
      PostgresRights rights = PostgresRights.of(connection, name);
      // The lock went with what was rolled back.
      statement.execute(PostgresSql.lockTimeout(begun));
      statement.execute("DROP VIEW " + name.sql());
      statement.execute("CREATE " + body);
      rights.restore(connection, statement);
    }
  }

  /** A change of a view. */
  private interface Change {
    void make() throws SQLException;
  }

  /** What can't be done for one view leaves the others; what is about all of them is thrown. */
  private static Optional<String> attempt(Connection connection, Change change)
      throws SQLException {
    Savepoint before = connection.setSavepoint();
    try {
      change.make();
      return Optional.empty();
    } catch (SQLException e) {
      if (!PostgresErrors.isOfOneView(e)) {
        throw e;
      }
      connection.rollback(before);
      return Optional.of(
          PostgresErrors.isDependedOn(e)
              ? "something else is made of it, so it stays as it is: " + PostgresErrors.said(e)
              : "it stays as it is: " + PostgresErrors.said(e));
    }
  }

  /** Those under which something lies that Ingot did not make. */
  Set<TableName> occupied(Collection<TableName> names) {
    return names.isEmpty()
        ? Set.of()
        : database.read(connection -> {
          var occupied = new HashSet<TableName>();
          PostgresRelation.find(connection, names)
              .forEach((name, there) -> {
                if (!there.isDeclaredView()) {
                  occupied.add(name);
                }
              });
          return occupied;
        });
  }
}
