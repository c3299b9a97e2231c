package dev.ingot.engine.duckdb;

import dev.ingot.engine.TableName;
import java.sql.ResultSet;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Finds the tables that a SELECT names, in the syntax tree that DuckDB makes of it. */
final class NamedTables {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** The database itself, by its name or without; what is attached to it has other tables. */
  private static final Set<String> OWN = Set.of("", "package");

  private NamedTables() {}

  /**
   * What DuckDB can't turn into a tree, such as PIVOT, names none.
   *
   * @param schema of the tables whose own isn't written
   */
  static Set<TableName> of(DuckDbDatabase database, String select, String schema) {
    String tree =
        database.look((connection, statement) -> {
          try (ResultSet row =
              statement.executeQuery(
                  "SELECT json_serialize_sql(" + DuckDbSql.literal(select) + ")")) {
            row.next();
            return row.getString(1);
          }
        });
    var tables = new HashSet<TableName>();
    var local = new HashSet<TableName>();
    collect(JSON.readTree(tree), schema, tables, local);
    tables.removeIf(table -> local.contains(table.folded()));
    return tables;
  }

  /**
   * @param local names of WITH, which hide the tables of these names
   */
  private static void collect(
      JsonNode node, String schema, Set<TableName> tables, Set<TableName> local) {
    if (node.path("type").asString("").equals("BASE_TABLE")
        && OWN.contains(node.path("catalog_name").asString("").toLowerCase(Locale.ROOT))) {
      String own = node.path("schema_name").asString("");
      tables.add(new TableName(own.isEmpty() ? schema : own, node.path("table_name").asString("")));
    }
    for (JsonNode entry : node.path("cte_map").path("map")) {
      local.add(new TableName(schema, entry.path("key").asString("")).folded());
    }
    node.forEach(child -> collect(child, schema, tables, local));
  }
}
