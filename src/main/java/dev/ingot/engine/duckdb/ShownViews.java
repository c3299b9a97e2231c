package dev.ingot.engine.duckdb;

import dev.ingot.engine.TableName;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The views under declared names, each over the table that a version has for it. What lies under
 * such a name and isn't a view of Ingot's is left alone (promise P6).
 */
final class ShownViews {

  private final Definitions definitions;

  /** The table of each view as this process last made it. Changed in the definitions' turn. */
  private final Map<TableName, TableName> shown = new ConcurrentHashMap<>();

  ShownViews(Definitions definitions) {
    this.definitions = definitions;
  }

  /** Those of the names under which something else lies. */
  Set<TableName> occupied(Collection<TableName> names) {
    return foreign(definitions.relations(), names);
  }

  private static Set<TableName> foreign(
      Map<TableName, Relation> there, Collection<TableName> names) {
    return names.stream()
        .filter(name -> isForeign(there.get(name.folded())))
        .collect(Collectors.toSet());
  }

  private static boolean isForeign(@Nullable Relation relation) {
    return relation != null && !relation.isDeclaredView();
  }

  /**
   * Makes each name a view over its table, and removes views.
   *
   * @return the names that are occupied by something else
   */
  Set<TableName> publish(Map<TableName, TableName> views, Collection<TableName> removed) {
    return definitions.inTurn(() -> {
      Map<TableName, Relation> there = definitions.relations();
      if (toDrop(there, removed).isEmpty() && toMake(there, views).isEmpty()) {
        return foreign(there, views.keySet());
      }
      views.keySet().forEach(view -> definitions.createSchema(view.schema()));
      Set<TableName> foreign =
          definitions.define((connection, statement) -> flip(statement, views, removed));
      shown.keySet().removeAll(removed);
      shown.putAll(views);
      return foreign;
    });
  }

  private Set<TableName> flip(
      Statement statement, Map<TableName, TableName> views, Collection<TableName> removed)
      throws SQLException {
    Map<TableName, Relation> there = Relation.all(statement);
    definitions.markChanged();
    for (TableName view : toDrop(there, removed)) {
      statement.execute("DROP VIEW " + view.sql());
    }
    for (Map.Entry<TableName, TableName> view : toMake(there, views)) {
      String name = view.getKey().sql();
      statement.execute(
          "CREATE OR REPLACE VIEW %s AS FROM %s".formatted(name, view.getValue().sql()));
      statement.execute(
          "COMMENT ON VIEW %s IS %s".formatted(name, DuckDbSql.literal(Relation.DECLARED)));
    }
    return foreign(there, views.keySet());
  }

  private static Set<TableName> toDrop(
      Map<TableName, Relation> there, Collection<TableName> removed) {
    var drop = new HashSet<>(removed);
    drop.removeIf(view -> !there.containsKey(view.folded()) || isForeign(there.get(view.folded())));
    return drop;
  }

  /** Those that aren't there, or not over this table as far as this process knows. */
  private List<Map.Entry<TableName, TableName>> toMake(
      Map<TableName, Relation> there, Map<TableName, TableName> views) {
    return views.entrySet().stream()
        .filter(view -> {
          Relation relation = there.get(view.getKey().folded());
          return relation == null
              || (relation.isDeclaredView() && !view.getValue().equals(shown.get(view.getKey())));
        })
        .toList();
  }
}
