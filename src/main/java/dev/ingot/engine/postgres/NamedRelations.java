package dev.ingot.engine.postgres;

import dev.ingot.engine.Engine.EngineException;
import dev.ingot.engine.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tables and views that a SELECT names. A temporary view of it, which is never committed, has
 * them among what it depends on; PostgreSQL tells its parser's findings in no other way.
 */
final class NamedRelations {

  private static final Logger log = LoggerFactory.getLogger(NamedRelations.class);

  private static final String VIEW = "\"ingot names\"";
  private static final String READ =
      """
      SELECT DISTINCT n.nspname, c.relname
      FROM pg_catalog.pg_rewrite r
      JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass
        AND d.objid = r.oid AND d.refclassid = 'pg_catalog.pg_class'::regclass
      JOIN pg_catalog.pg_class c ON c.oid = d.refobjid AND c.oid <> r.ev_class
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE r.ev_class = '%s'::regclass
      """
          .formatted(VIEW);

  private NamedRelations() {}

  /** None when the database can't read it: then nothing else can, either. */
  static Set<TableName> of(PostgresDatabase database, String select) {
    // A count, because a view's columns need names of their own.
    String create =
        "CREATE TEMP VIEW %s AS SELECT count(*) FROM (%s) AS named"
            .formatted(VIEW, PostgresSql.rows(select));
    try {
      return database.transact(connection -> {
        Set<TableName> named = read(connection, create);
        connection.rollback();
        return named;
      });
    } catch (EngineException e) {
      log.debug("What a SELECT names isn't known: {}", e.detail());
      return Set.of();
    }
  }

  private static Set<TableName> read(Connection connection, String create) throws SQLException {
    var named = new HashSet<TableName>();
    PostgresSql.waitShortly(connection);
    try (Statement statement = PostgresDatabase.plain(connection)) {
      statement.execute(create);
      try (ResultSet rows = statement.executeQuery(READ)) {
        while (rows.next()) {
          named.add(new TableName(rows.getString(1), rows.getString(2)));
        }
      }
    }
    return named;
  }
}
