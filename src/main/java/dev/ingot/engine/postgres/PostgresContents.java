package dev.ingot.engine.postgres;

import dev.ingot.engine.ConnectionContents;
import dev.ingot.engine.Engine.EngineException;
import dev.ingot.engine.Engine.UnreachableException;
import dev.ingot.engine.EngineColumn;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.project.ConnectionKey;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What the catalog of a database has, as far as the connection's user may use it. */
@Component
class PostgresContents implements ConnectionContents {

  private static final String SCHEMAS =
      """
      SELECT nspname FROM pg_catalog.pg_namespace
      WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
        AND pg_catalog.has_schema_privilege(oid, 'USAGE')
      ORDER BY nspname
      """;
  private static final String TABLES =
      """
      SELECT n.nspname, c.relname, c.relkind IN ('v', 'm') AS view,
        pg_catalog.format('%I.%I', n.nspname, c.relname) AS path
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
        AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        AND (?::text IS NULL OR n.nspname = ?)
        AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
        AND pg_catalog.has_table_privilege(c.oid, 'SELECT')
      ORDER BY n.nspname, c.relname
      """;

  private final PostgresEngines engines;

  PostgresContents(PostgresEngines engines) {
    this.engines = engines;
  }

  @Override
  public List<Schema> schemas(ConnectionKey key) {
    PostgresDatabase database = engines.inside(key).database();
    String standard = database.settings().tableSchema();
    return answered(() ->
        database.read(connection -> {
          var schemas = new ArrayList<Schema>();
          try (PreparedStatement statement = connection.prepareStatement(SCHEMAS);
              ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
              String name = rows.getString(1);
              schemas.add(new Schema(name, name.equals(standard)));
            }
          }
          return schemas;
        }));
  }

  @Override
  public List<Table> tables(ConnectionKey key, @Nullable String schema) {
    return answered(() ->
        engines
            .inside(key)
            .database()
            .read(connection -> {
              var tables = new ArrayList<Table>();
              try (PreparedStatement statement = connection.prepareStatement(TABLES)) {
                statement.setString(1, schema);
                statement.setString(2, schema);
                try (ResultSet rows = statement.executeQuery()) {
                  while (rows.next()) {
                    tables.add(
                        new Table(
                            rows.getString("nspname"),
                            rows.getString("relname"),
                            rows.getString("path"),
                            rows.getBoolean("view")));
                  }
                }
              }
              return tables;
            }));
  }

  @Override
  public List<EngineColumn> columns(ConnectionKey key, String path) {
    Optional<List<EngineColumn>> found = answered(() -> engines.inside(key).columns().find(path));
    return found.orElseThrow(() ->
        new Fault(
            FaultCode.TABLE_NOT_FOUND,
            "Connection '%s' has no table or view %s".formatted(key.name(), path)));
  }

  private static <T> T answered(Supplier<T> question) {
    try {
      return question.get();
    } catch (UnreachableException e) {
      throw e.toFault(FaultCode.CONNECTION_FAILED);
    } catch (EngineException e) {
      throw e.toFault(FaultCode.BAD_REQUEST);
    }
  }
}
