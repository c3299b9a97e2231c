package dev.ingot.state.store;

import dev.ingot.engine.TableName;
import dev.ingot.project.PackageKey;
import dev.ingot.state.ManyRows;
import dev.ingot.state.PackageLock;
import dev.ingot.state.Session;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** The rows of {@code views}: those that Ingot made, or was about to make. */
final class ViewRows {

  private ViewRows() {}

  static Set<TableName> find(Session session, PackageKey key, String connection) {
    String sql =
        """
        SELECT view_schema, view_name FROM views
        WHERE project = :project AND package = :package AND connection = :connection
        """;
    return session
        .sql(key, sql)
        .param("connection", connection)
        .query((row, n) -> TableName.stored(row.getString(1), row.getString(2)))
        .set();
  }

  static Set<PackageKey> packages(Session session) {
    return session
        .sql("SELECT DISTINCT project, package FROM views")
        .query((row, n) -> PackageKey.of(row.getString(1), row.getString(2)))
        .set();
  }

  static void insert(
      Session session, PackageKey key, String connection, Collection<TableName> views) {
    List<List<Object>> rows =
        views.stream()
            .map(view ->
                List.<Object>of(
                    key.project().value(),
                    key.name().value(),
                    connection,
                    view.schema(),
                    view.name()))
            .toList();
    ManyRows.insert(session::sql, "INSERT INTO views", rows, "ON CONFLICT DO NOTHING");
  }

  static void remove(Session session, PackageKey key, String connection, TableName view) {
    String sql =
        """
        DELETE FROM views
        WHERE project = :project AND package = :package AND connection = :connection
          AND view_schema = :schema AND view_name = :name
        """;
    session
        .sql(key, sql)
        .param("connection", connection)
        .param("schema", view.schema())
        .param("name", view.name())
        .update();
  }

  static void removeAll(PackageLock lock) {
    lock.sql("DELETE FROM views WHERE project = :project AND package = :package").update();
  }
}
