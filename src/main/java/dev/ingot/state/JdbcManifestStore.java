package dev.ingot.state;

import dev.ingot.engine.TableName;
import dev.ingot.manifest.Generation;
import dev.ingot.manifest.ManifestEntry;
import dev.ingot.manifest.ManifestStore;
import dev.ingot.manifest.ManifestVersion;
import dev.ingot.project.PackageKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Generations, versions and views in the state file. */
@Repository
class JdbcManifestStore implements ManifestStore {

  private final StateDatabase state;

  JdbcManifestStore(StateDatabase state) {
    this.state = state;
  }

  @Override
  public Optional<ManifestVersion> current(PackageKey key) {
    String sql =
        """
        SELECT v.*
        FROM current_versions c
        JOIN versions v
          ON v.project = c.project AND v.package = c.package AND v.version = c.version
        WHERE c.project = ? AND c.package = ?
        """;
    return versions(key, sql).optional();
  }

  @Override
  public List<ManifestVersion> versions(PackageKey key) {
    String sql = "SELECT * FROM versions WHERE project = ? AND package = ? ORDER BY version DESC";
    return versions(key, sql).list();
  }

  private JdbcClient.MappedQuerySpec<ManifestVersion> versions(PackageKey key, String sql) {
    return state
        .client()
        .sql(sql)
        .param(key.project().value())
        .param(key.name().value())
        .query((row, n) ->
            new ManifestVersion(
                key,
                row.getLong("version"),
                VersionRows.cause(row),
                Columns.instant(row, "published_at"),
                entries(key, row.getLong("version"))));
  }

  @Override
  public void forgetVersions(PackageKey key, Collection<Long> numbers) {
    String current =
        """
        SELECT version FROM current_versions
        WHERE project = :project AND package = :package
        """;
    state.change(() -> {
      for (String table : List.of("version_entries", "versions")) {
        for (long number : numbers) {
          state
              .client()
              .sql(
                  """
                  DELETE FROM %s WHERE project = :project AND package = :package
                    AND version = :version AND version NOT IN (%s)
                  """
                      .formatted(table, current))
              .param("project", key.project().value())
              .param("package", key.name().value())
              .param("version", number)
              .update();
        }
      }
    });
  }

  private List<ManifestEntry> entries(PackageKey key, long version) {
    String sql =
        """
        SELECT g.*, e.declared_schema AS entry_schema, e.declared_name AS entry_name,
          e.source_names
        FROM version_entries e JOIN generations g ON g.id = e.generation
        WHERE e.project = ? AND e.package = ? AND e.version = ?
        ORDER BY e.place
        """;
    return state
        .client()
        .sql(sql)
        .param(key.project().value())
        .param(key.name().value())
        .param(version)
        .query((row, n) ->
            new ManifestEntry(
                generation(row, n),
                new TableName(row.getString("entry_schema"), row.getString("entry_name")),
                Columns.values(row.getString("source_names"), String[].class)))
        .list();
  }

  private static Generation generation(ResultSet row, int number) throws SQLException {
    return new Generation(
        row.getString("id"),
        PackageKey.of(row.getString("project"), row.getString("package")),
        row.getString("build_id"),
        row.getString("connection"),
        new TableName(row.getString("declared_schema"), row.getString("declared_name")),
        new TableName(row.getString("table_schema"), row.getString("table_name")),
        row.getString("run"),
        Set.copyOf(Columns.values(row.getString("inputs"), String[].class)),
        row.getString("origin"),
        row.getString("definition"),
        Columns.instantOrNull(row, "built_at"),
        row.getLong("row_count"));
  }

  @Override
  public void intend(Collection<Generation> generations) {
    String sql =
        """
        INSERT INTO generations (id, project, package, build_id, connection, declared_schema,
          declared_name, table_schema, table_name, run, inputs, origin, definition, built_at,
          row_count)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, 0)
        """;
    state.change(() -> {
      for (Generation generation : generations) {
        state
            .client()
            .sql(sql)
            .param(generation.id())
            .param(generation.key().project().value())
            .param(generation.key().name().value())
            .param(generation.buildId())
            .param(generation.connection())
            .param(generation.declared().schema())
            .param(generation.declared().name())
            .param(generation.table().schema())
            .param(generation.table().name())
            .param(generation.runId())
            .param(Columns.json(generation.inputs()))
            .param(generation.origin())
            .param(generation.definition())
            .update();
      }
    });
  }

  @Override
  public void forget(String generationId) {
    state.change(() ->
        state.client().sql("DELETE FROM generations WHERE id = ?").param(generationId).update());
  }

  @Override
  public List<Generation> reusable(PackageKey key, Instant since) {
    String sql =
        """
        SELECT g.* FROM generations g
        WHERE g.project = :project AND g.package = :package AND g.built_at IS NOT NULL
          AND (g.id IN (
              SELECT e.generation FROM version_entries e
              JOIN current_versions c
                ON c.project = e.project AND c.package = e.package AND c.version = e.version
              WHERE e.project = :project AND e.package = :package)
            OR g.built_at >= :since AND g.run IN (
              SELECT r.id FROM runs r
              WHERE r.project = :project AND r.package = :package
                AND r.status IN ('FAILED', 'CANCELLED')))
        ORDER BY g.built_at DESC, g.id
        """;
    return state
        .client()
        .sql(sql)
        .param("project", key.project().value())
        .param("package", key.name().value())
        .param("since", Columns.time(since))
        .query(JdbcManifestStore::generation)
        .list();
  }

  @Override
  public List<Generation> unfinished() {
    return state
        .client()
        .sql("SELECT * FROM generations WHERE built_at IS NULL")
        .query(JdbcManifestStore::generation)
        .list();
  }

  @Override
  public List<Generation> generations(PackageKey key) {
    return state
        .client()
        .sql("SELECT * FROM generations WHERE project = ? AND package = ? ORDER BY built_at, id")
        .param(key.project().value())
        .param(key.name().value())
        .query(JdbcManifestStore::generation)
        .list();
  }

  @Override
  public List<Generation> unneeded(PackageKey key, Instant before) {
    String sql =
        """
        SELECT g.* FROM generations g
        WHERE g.project = :project AND g.package = :package
          AND g.id NOT IN (
            SELECT e.generation FROM version_entries e
            WHERE e.project = :project AND e.package = :package)
          AND (g.built_at IS NULL OR coalesce(g.superseded_at, g.built_at) <= :before)
        ORDER BY g.built_at, g.id
        """;
    return state
        .client()
        .sql(sql)
        .param("project", key.project().value())
        .param("package", key.name().value())
        .param("before", Columns.time(before))
        .query(JdbcManifestStore::generation)
        .list();
  }

  @Override
  public Set<PackageKey> packages() {
    String sql =
        "SELECT project, package FROM generations UNION SELECT project, package FROM views";
    return new HashSet<>(
        state
            .client()
            .sql(sql)
            .query((row, n) -> PackageKey.of(row.getString(1), row.getString(2)))
            .list());
  }

  @Override
  public Set<TableName> views(PackageKey key, String connection) {
    String sql =
        """
        SELECT view_schema, view_name FROM views
        WHERE project = ? AND package = ? AND connection = ?
        """;
    return new HashSet<>(
        state
            .client()
            .sql(sql)
            .param(key.project().value())
            .param(key.name().value())
            .param(connection)
            .query((row, n) -> new TableName(row.getString(1), row.getString(2)))
            .list());
  }

  @Override
  public void intendViews(PackageKey key, String connection, Collection<TableName> views) {
    String sql = "INSERT INTO views VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
    eachView(sql, key, connection, views);
  }

  @Override
  public void forgetViews(PackageKey key, String connection, Collection<TableName> views) {
    String sql =
        """
        DELETE FROM views
        WHERE project = ? AND package = ? AND connection = ? AND view_schema = ? AND view_name = ?
        """;
    eachView(sql, key, connection, views);
  }

  private void eachView(
      String sql, PackageKey key, String connection, Collection<TableName> views) {
    if (views.isEmpty()) {
      return;
    }
    state.change(() -> {
      for (TableName view : views) {
        state
            .client()
            .sql(sql)
            .param(key.project().value())
            .param(key.name().value())
            .param(connection)
            .param(view.schema())
            .param(view.name())
            .update();
      }
    });
  }
}
