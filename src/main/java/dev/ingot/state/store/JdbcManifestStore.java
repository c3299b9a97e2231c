package dev.ingot.state.store;

import dev.ingot.engine.TableName;
import dev.ingot.manifest.Generation;
import dev.ingot.manifest.ManifestEntry;
import dev.ingot.manifest.ManifestStore;
import dev.ingot.manifest.ManifestVersion;
import dev.ingot.manifest.ManifestVersion.Cause;
import dev.ingot.project.PackageKey;
import dev.ingot.project.ProjectName;
import dev.ingot.state.Columns;
import dev.ingot.state.ControlHome;
import dev.ingot.state.Homes;
import dev.ingot.state.VersionEntries.EntryRow;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Generations and versions in the home of their project; views, which are this server's own. */
@Repository
class JdbcManifestStore implements ManifestStore {

  private static final String OF_PACKAGE = " WHERE project = :project AND package = :package ";

  private final Homes homes;

  JdbcManifestStore(Homes homes) {
    this.homes = homes;
  }

  @Override
  public Optional<ManifestVersion> current(PackageKey key) {
    String sql =
        """
        SELECT v.* FROM current_versions c
        JOIN versions v
          ON v.project = c.project AND v.package = c.package AND v.version = c.version
        WHERE c.project = :project AND c.package = :package
        """;
    return versions(key, sql).stream().findFirst();
  }

  @Override
  public Optional<ManifestVersion> version(PackageKey key, long number) {
    // A number of ours, not a text of somebody's.
    String sql = "SELECT * FROM versions" + OF_PACKAGE + "AND version = " + number;
    return versions(key, sql).stream().findFirst();
  }

  @Override
  public long currentNumber(PackageKey key) {
    return new VersionRows(homes.of(key), key).current();
  }

  @Override
  public List<ManifestVersion> versions(PackageKey key) {
    return versions(key, "SELECT * FROM versions" + OF_PACKAGE + "ORDER BY version DESC");
  }

  /** What a version is, and the id of what it has in it. */
  private record VersionRow(long number, Cause cause, Instant publishedAt, String content) {}

  private List<ManifestVersion> versions(PackageKey key, String sql) {
    ControlHome home = homes.of(key);
    List<VersionRow> rows = rows(home, key, sql);
    while (true) {
      var contents = new HashMap<String, List<EntryRow>>();
      rows.forEach(row ->
          contents.computeIfAbsent(row.content(), content -> home.entries().read(key, content)));
      Set<String> ids =
          contents.values().stream()
              .flatMap(List::stream)
              .map(EntryRow::generation)
              .collect(Collectors.toSet());
      Map<String, Generation> generations = byId(home, key, ids);
      boolean whole =
          generations.size() == ids.size()
              && contents.entrySet().stream()
                  .noneMatch(one -> one.getValue().isEmpty() && !one.getKey().isEmpty());
      List<VersionRow> now = whole ? rows : rows(home, key, sql);
      if (now.equals(rows)) {
        return versions(key, rows, contents, generations);
      }
      // One was replaced and forgotten while it was read.
      rows = now;
    }
  }

  private static List<VersionRow> rows(ControlHome home, PackageKey key, String sql) {
    return of(home, key, sql)
        .query((row, n) ->
            new VersionRow(
                row.getLong("version"),
                VersionRows.cause(row),
                Columns.instant(row, "published_at"),
                row.getString("content")))
        .list();
  }

  private static List<ManifestVersion> versions(
      PackageKey key,
      List<VersionRow> rows,
      Map<String, List<EntryRow>> contents,
      Map<String, Generation> generations) {
    return rows.stream()
        .map(row ->
            new ManifestVersion(
                key,
                row.number(),
                row.cause(),
                row.publishedAt(),
                entries(contents.getOrDefault(row.content(), List.of()), generations)))
        .toList();
  }

  private static List<ManifestEntry> entries(
      List<EntryRow> rows, Map<String, Generation> generations) {
    return rows.stream()
        .map(row ->
            new ManifestEntry(
                Objects.requireNonNull(generations.get(row.generation()), row::generation),
                row.declared(),
                row.sourceNames()))
        .toList();
  }

  private static Map<String, Generation> byId(ControlHome home, PackageKey key, Set<String> ids) {
    if (ids.isEmpty()) {
      return Map.of();
    }
    return of(home, key, "SELECT * FROM generations" + OF_PACKAGE + "AND id IN (:ids)")
        .param("ids", ids)
        .query(JdbcManifestStore::generation)
        .list()
        .stream()
        .collect(Collectors.toMap(Generation::id, generation -> generation));
  }

  @Override
  public void forgetVersions(PackageKey key, Collection<Long> numbers) {
    ControlHome home = homes.of(key);
    Set<String> unused =
        home.alone(
            key,
            () -> {
              forget(home, key, numbers);
              return unused(home, key);
            });
    home.entries().forget(key, unused);
  }

  private static void forget(ControlHome home, PackageKey key, Collection<Long> numbers) {
    String sql =
        """
        DELETE FROM versions
        WHERE project = :project AND package = :package AND version IN (:numbers)
          AND version NOT IN (
            SELECT version FROM current_versions
            WHERE project = :project AND package = :package)
          AND version NOT IN (%s)
        """
            .formatted(home.served());
    if (!numbers.isEmpty()) {
      of(home, key, sql).param("numbers", numbers).update();
    }
  }

  /** Contents that no version shows, and that no run is about to publish. */
  private static Set<String> unused(ControlHome home, PackageKey key) {
    var unused = new HashSet<>(home.entries().contents(key));
    unused.removeAll(retained(home, key));
    unused.removeAll(
        of(home, key, "SELECT run FROM running" + OF_PACKAGE).query(String.class).list());
    return unused;
  }

  private static Set<String> retained(ControlHome home, PackageKey key) {
    return new HashSet<>(
        of(home, key, "SELECT DISTINCT content FROM versions" + OF_PACKAGE)
            .query(String.class)
            .list());
  }

  private static Generation generation(ResultSet row, int number) throws SQLException {
    Instant builtAt = Columns.instantOrNull(row, "built_at");
    return new Generation(
        row.getString("id"),
        PackageKey.of(row.getString("project"), row.getString("package")),
        new Generation.Target(
            row.getString("build_id"),
            row.getString("connection"),
            new TableName(row.getString("declared_schema"), row.getString("declared_name")),
            row.getString("definition")),
        new TableName(row.getString("table_schema"), row.getString("table_name")),
        new Generation.Source(
            row.getString("run"),
            Set.copyOf(Columns.values(row.getString("inputs"), String[].class)),
            row.getString("origin")),
        builtAt == null ? null : new Generation.Built(builtAt, row.getLong("row_count")));
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
    generations.stream()
        .findFirst()
        .ifPresent(first -> intend(homes.of(first.key()), sql, generations));
  }

  private static void intend(ControlHome home, String sql, Collection<Generation> generations) {
    home.change(() -> {
      for (Generation generation : generations) {
        home.client()
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
  public void forget(Generation generation) {
    ControlHome home = homes.of(generation.key());
    home.change(() ->
        home.client().sql("DELETE FROM generations WHERE id = ?").param(generation.id()).update());
  }

  @Override
  public List<Generation> unpublished(PackageKey key, Set<String> published, Instant since) {
    String sql =
        """
        SELECT * FROM generations
        WHERE project = :project AND package = :package AND built_at >= :since
          AND NOT condemned AND superseded_at IS NULL
          AND id NOT IN (:published)
          AND run NOT IN (
            SELECT r.run FROM running r WHERE r.project = :project AND r.package = :package)
        """;
    return of(homes.of(key), key, sql)
        .param("published", published.isEmpty() ? Set.of("") : published)
        .param("since", Columns.time(since))
        .query(JdbcManifestStore::generation)
        .list();
  }

  private static Set<String> ids(ControlHome home, PackageKey key, String content) {
    return home.entries().read(key, content).stream()
        .map(EntryRow::generation)
        .collect(Collectors.toSet());
  }

  @Override
  public List<Generation> unfinished() {
    return homes
        .local()
        .client()
        .sql("SELECT * FROM generations WHERE built_at IS NULL")
        .query(JdbcManifestStore::generation)
        .list();
  }

  @Override
  public List<Generation> generations(PackageKey key) {
    return of(
            homes.of(key), key, "SELECT * FROM generations" + OF_PACKAGE + "ORDER BY built_at, id")
        .query(JdbcManifestStore::generation)
        .list();
  }

  @Override
  public List<Generation> condemn(PackageKey key, Instant before, Set<String> held) {
    ControlHome home = homes.of(key);
    return home.alone(
        key,
        () -> {
          if (isBusyElsewhere(home, key)) {
            return List.of();
          }
          var needed = new HashSet<>(held);
          retained(home, key).forEach(content -> needed.addAll(ids(home, key, content)));
          List<Generation> condemned =
              superseded(home, key, before).stream()
                  .filter(generation -> !needed.contains(generation.id()))
                  .toList();
          mark(home, key, condemned);
          return condemned;
        });
  }

  /** A run of another server may be about to take up what seems to be of no use. */
  private static boolean isBusyElsewhere(ControlHome home, PackageKey key) {
    return of(home, key, "SELECT count(*) > 0 FROM running" + OF_PACKAGE + "AND holder <> :holder")
        .param("holder", home.tenure().holder())
        .query(Boolean.class)
        .single();
  }

  private static List<Generation> superseded(ControlHome home, PackageKey key, Instant before) {
    String sql =
        """
        AND (built_at IS NULL OR coalesce(superseded_at, built_at) <= :before)
        ORDER BY built_at, id
        """;
    return of(home, key, "SELECT * FROM generations" + OF_PACKAGE + sql)
        .param("before", Columns.time(before))
        .query(JdbcManifestStore::generation)
        .list();
  }

  private static void mark(ControlHome home, PackageKey key, List<Generation> condemned) {
    if (!condemned.isEmpty()) {
      of(home, key, "UPDATE generations SET condemned = true" + OF_PACKAGE + "AND id IN (:ids)")
          .param("ids", condemned.stream().map(Generation::id).toList())
          .update();
    }
  }

  @Override
  public Set<PackageKey> packages() {
    String sql =
        "SELECT project, package FROM generations UNION SELECT project, package FROM views";
    return new HashSet<>(
        homes
            .local()
            .client()
            .sql(sql)
            .query((row, n) -> PackageKey.of(row.getString(1), row.getString(2)))
            .list());
  }

  @Override
  public Set<PackageKey> packages(ProjectName project) {
    return new HashSet<>(
        homes
            .of(project)
            .client()
            .sql("SELECT DISTINCT project, package FROM generations WHERE project = :project")
            .param("project", project.value())
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
        homes
            .local()
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
    ControlHome state = homes.local();
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

  private static JdbcClient.StatementSpec of(ControlHome home, PackageKey key, String sql) {
    return home.client()
        .sql(sql)
        .param("project", key.project().value())
        .param("package", key.name().value());
  }
}
