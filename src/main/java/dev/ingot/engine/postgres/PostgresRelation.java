package dev.ingot.engine.postgres;

import dev.ingot.engine.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What lies under a name.
 *
 * @param mark its comment, which says whose it is; empty when it has none
 * @param options of a view, as they stand behind its name; empty when it has none
 */
record PostgresRelation(boolean table, boolean view, String mark, String options) {

  /** How the comment of the views begins that Ingot makes. */
  static final String DECLARED = "ingot view";

  private static final String FIND =
      """
      SELECT w.place, c.relkind,
        coalesce(pg_catalog.obj_description(c.oid, 'pg_class'), '') AS mark,
        coalesce('WITH (' || pg_catalog.array_to_string(c.reloptions, ', ') || ')', '') AS options
      FROM unnest(?::text[], ?::text[]) WITH ORDINALITY AS w(schema, name, place)
      JOIN pg_catalog.pg_namespace n ON n.nspname = w.schema
      JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = w.name
      """;

  /** By their names, which are told apart by case. */
  static Map<TableName, PostgresRelation> find(Connection connection, Collection<TableName> names)
      throws SQLException {
    var found = new HashMap<TableName, PostgresRelation>();
    TableName[] asked = names.toArray(TableName[]::new);
    if (asked.length == 0) {
      return found;
    }
    var schemas = new String[asked.length];
    var tables = new String[asked.length];
    for (int i = 0; i < asked.length; i++) {
      schemas[i] = asked[i].schema();
      tables[i] = asked[i].name();
    }
    try (PreparedStatement statement = connection.prepareStatement(FIND)) {
      statement.setArray(1, connection.createArrayOf("text", schemas));
      statement.setArray(2, connection.createArrayOf("text", tables));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          String kind = rows.getString("relkind");
          found.put(
              asked[rows.getInt("place") - 1],
              new PostgresRelation(
                  kind.equals("r"),
                  kind.equals("v"),
                  rows.getString("mark"),
                  rows.getString("options")));
        }
      }
    }
    return found;
  }

  /** Whether it is a table that was built with this mark. */
  static boolean isBuilt(@Nullable PostgresRelation there, String mark) {
    return there != null && there.table() && there.mark().equals(mark);
  }

  boolean isDeclaredView() {
    return view && mark.startsWith(DECLARED);
  }

  boolean isIngots() {
    return mark.startsWith("ingot ");
  }
}
