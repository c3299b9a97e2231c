package dev.ingot.testing;

import dev.ingot.engine.Cancellation;
import dev.ingot.engine.Engine;
import dev.ingot.engine.Engine.Owner;
import dev.ingot.engine.Engines;
import dev.ingot.engine.TableName;
import dev.ingot.manifest.ServedPackages;
import dev.ingot.project.PackageKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A package's own database of a running server, past what Ingot knows of. */
public final class PackageDatabase {

  private final Engine engine;

  private PackageDatabase(Engine engine) {
    this.engine = engine;
  }

  public static PackageDatabase of(Server server, String name) {
    return of(server, PackageKey.of(server.project(), name));
  }

  public static PackageDatabase of(Server server, PackageKey key) {
    var content = server.bean(ServedPackages.class).get(key).content();
    return new PackageDatabase(content.engine(Engines.DUCKDB));
  }

  /** Makes a table that Ingot has no record of. */
  public void createTable(TableName name, String select) {
    engine.build(name, select, new Owner("somebody else's", "test"), new Cancellation());
  }

  /** Drops a table, given as a report has it: {@code main.orders__1}. */
  public void drop(String table) {
    int dot = table.indexOf('.');
    var name = new TableName(table.substring(0, dot), table.substring(dot + 1));
    String mark =
        rows("SELECT comment FROM duckdb_tables() WHERE schema_name = '%s' AND table_name = '%s'"
                .formatted(name.schema(), name.name()))
            .getFirst();
    engine.drop(name, mark);
  }

  /** The rows of a SELECT, each as its values with a bar between them. */
  public List<String> rows(String select) {
    return engine.query(
        select,
        new Cancellation(),
        rows -> {
          var found = new ArrayList<String>();
          while (rows.next()) {
            var values = new ArrayList<String>();
            for (int i = 0; i < rows.columns().size(); i++) {
              values.add(Objects.toString(rows.value(i)));
            }
            found.add(String.join("|", values));
          }
          return found;
        });
  }

  /**
   * The same once the name is there: the declared names follow a publication, right after SUCCESS
   * can be seen.
   */
  public List<String> awaitRows(String select) {
    Wait.until(select, () -> answers(select));
    return rows(select);
  }

  private boolean answers(String select) {
    try {
      rows(select);
      return true;
    } catch (Engine.EngineException e) {
      return false;
    }
  }

  /** Every table and view: a table that was made anew has another number, a view other SQL. */
  public List<String> contents() {
    return rows(
        """
        SELECT schema_name, table_name, table_oid::VARCHAR AS what, comment, estimated_size
        FROM duckdb_tables() WHERE database_name = current_database()
        UNION ALL
        SELECT schema_name, view_name, sql, comment, 0
        FROM duckdb_views() WHERE database_name = current_database() AND NOT internal
        ORDER BY ALL
        """);
  }
}
