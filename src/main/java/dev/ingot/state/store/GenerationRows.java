package dev.ingot.state.store;

import dev.ingot.engine.TableName;
import dev.ingot.manifest.Generation;
import dev.ingot.project.PackageKey;
import dev.ingot.project.ProjectName;
import dev.ingot.state.Columns;
import dev.ingot.state.ManyRows;
import dev.ingot.state.PackageLock;
import dev.ingot.state.Session;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The rows of {@code generations}. */
final class GenerationRows {

  private static final String OF_PACKAGE =
      "SELECT * FROM generations WHERE project = :project AND package = :package ";

  private GenerationRows() {}

  static Map<String, Generation> byId(Session session, PackageKey key, Set<String> ids) {
    if (ids.isEmpty()) {
      return Map.of();
    }
    return session
        .sql(key, OF_PACKAGE + "AND id IN (:ids)")
        .param("ids", ids)
        .query(GenerationRows::generation)
        .list()
        .stream()
        .collect(Collectors.toMap(Generation::id, generation -> generation));
  }

  static List<Generation> all(Session session, PackageKey key) {
    return session
        .sql(key, OF_PACKAGE + "ORDER BY built_at, id")
        .query(GenerationRows::generation)
        .list();
  }

  /** Of all packages. */
  static List<Generation> unfinished(Session session) {
    return session
        .sql("SELECT * FROM generations WHERE built_at IS NULL")
        .query(GenerationRows::generation)
        .list();
  }

  /**
   * Those that runs which have ended finished since then, and that nobody has published.
   *
   * @param published the ids of those that the current version has
   */
  static List<Generation> unpublished(
      Session session, PackageKey key, Set<String> published, Instant since) {
    String which =
        """
        SELECT id FROM generations WHERE project = :project AND package = :package
          AND built_at >= :since
          AND NOT condemned AND superseded_at IS NULL
          AND run NOT IN (
            SELECT r.run FROM running r WHERE r.project = :project AND r.package = :package)
        """;
    // The published ones are left out here: thousands of ids are compared one by one in a NOT IN.
    Set<String> left =
        session
            .sql(key, which)
            .param("since", Columns.time(since))
            .query(String.class)
            .list()
            .stream()
            .filter(id -> !published.contains(id))
            .collect(Collectors.toSet());
    return List.copyOf(byId(session, key, left).values());
  }

  /** Those that were superseded, or left, at this time or before; and all unfinished ones. */
  static List<Generation> superseded(PackageLock lock, Instant before) {
    String which =
        """
        AND (built_at IS NULL OR coalesce(superseded_at, built_at) <= :before)
        ORDER BY built_at, id
        """;
    return lock.sql(OF_PACKAGE + which)
        .param("before", Columns.time(before))
        .query(GenerationRows::generation)
        .list();
  }

  static Set<PackageKey> packages(Session session, ProjectName project) {
    return session
        .sql("SELECT DISTINCT project, package FROM generations WHERE project = ?")
        .param(project.value())
        .query(GenerationRows::key)
        .set();
  }

  static Set<PackageKey> packages(Session session) {
    return session
        .sql("SELECT DISTINCT project, package FROM generations")
        .query(GenerationRows::key)
        .set();
  }

  static void insert(Session session, Collection<Generation> generations) {
    String into =
        """
        INSERT INTO generations (id, project, package, build_id, connection, declared_schema,
          declared_name, table_schema, table_name, run, inputs, origin, definition, row_count)
        """;
    ManyRows.insert(
        session::sql, into, generations.stream().map(GenerationRows::values).toList(), "");
  }

  private static List<Object> values(Generation generation) {
    return List.of(
        generation.id(),
        generation.key().project().value(),
        generation.key().name().value(),
        generation.buildId(),
        generation.connection(),
        generation.declared().schema(),
        generation.declared().name(),
        generation.table().schema(),
        generation.table().name(),
        generation.runId(),
        Columns.json(generation.inputs()),
        generation.origin(),
        generation.definition(),
        0);
  }

  static void finish(Session session, Generation generation) {
    session
        .sql("UPDATE generations SET built_at = ?, row_count = ?, data = ? WHERE id = ?")
        .param(Columns.time(generation.builtAt()))
        .param(generation.rows())
        .param(Columns.json(generation.data()))
        .param(generation.id())
        .update();
  }

  /**
   * @param at null for those that a version has
   */
  static void supersede(PackageLock lock, Collection<String> ids, @Nullable Instant at) {
    String sql =
        """
        UPDATE generations SET superseded_at = :at
        WHERE project = :project AND package = :package AND id IN (:ids)
        """;
    if (!ids.isEmpty()) {
      lock.sql(sql).param("at", Columns.time(at)).param("ids", ids).update();
    }
  }

  /** From now on no run takes them up. */
  static void condemn(PackageLock lock, List<Generation> condemned) {
    String sql =
        """
        UPDATE generations SET condemned = true
        WHERE project = :project AND package = :package AND id IN (:ids)
        """;
    if (!condemned.isEmpty()) {
      lock.sql(sql).param("ids", condemned.stream().map(Generation::id).toList()).update();
    }
  }

  static void remove(Session session, String id) {
    session.sql("DELETE FROM generations WHERE id = ?").param(id).update();
  }

  static void removeAll(PackageLock lock) {
    lock.sql("DELETE FROM generations WHERE project = :project AND package = :package").update();
  }

  private static PackageKey key(ResultSet row, int number) throws SQLException {
    return PackageKey.of(row.getString("project"), row.getString("package"));
  }

  /** Nothing of one that was built before it was kept. */
  private static Map<String, String> data(@Nullable String text) {
    return text == null ? Map.of() : Columns.texts(text);
  }

  private static Generation generation(ResultSet row, int number) throws SQLException {
    Instant builtAt = Columns.instantOrNull(row, "built_at");
    return new Generation(
        row.getString("id"),
        PackageKey.of(row.getString("project"), row.getString("package")),
        new Generation.Target(
            row.getString("build_id"),
            row.getString("connection"),
            TableName.stored(row.getString("declared_schema"), row.getString("declared_name")),
            row.getString("definition")),
        TableName.stored(row.getString("table_schema"), row.getString("table_name")),
        new Generation.Source(
            row.getString("run"),
            Set.copyOf(Columns.values(row.getString("inputs"), String[].class)),
            row.getString("origin")),
        builtAt == null
            ? null
            : new Generation.Built(builtAt, row.getLong("row_count"), data(row.getString("data"))));
  }
}
