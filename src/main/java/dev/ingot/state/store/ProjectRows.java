package dev.ingot.state.store;

import dev.ingot.project.GivenBindings;
import dev.ingot.project.MaterializationStorage;
import dev.ingot.project.Project;
import dev.ingot.project.ProjectName;
import dev.ingot.project.ProjectOptions;
import dev.ingot.project.SecretBox;
import dev.ingot.project.Webhook;
import dev.ingot.project.Webhooks;
import dev.ingot.state.Columns;
import dev.ingot.state.Session;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rows of {@code projects}: those that are registered on this server. */
final class ProjectRows {

  private static final String SELECT =
      "SELECT name, storage, givens, webhooks, created_at FROM projects ";

  /** Of their storages and webhooks. */
  private final SecretBox secrets;

  ProjectRows(SecretBox secrets) {
    this.secrets = secrets;
  }

  List<Project> all(Session session) {
    return session.sql(SELECT + "ORDER BY name").query(this::project).list();
  }

  static List<ProjectName> names(Session session) {
    return session
        .sql("SELECT name FROM projects ORDER BY name")
        .query((row, number) -> new ProjectName(row.getString("name")))
        .list();
  }

  Optional<Project> find(Session session, ProjectName name) {
    return session
        .sql(SELECT + "WHERE name = ?")
        .param(name.value())
        .query(this::project)
        .optional();
  }

  private Project project(ResultSet row, int number) throws SQLException {
    String name = row.getString("name");
    String sealed = row.getString("storage");
    return new Project(
        new ProjectName(name),
        sealed == null ? null : StoredStorage.read(secrets.open(sealed, name)),
        new ProjectOptions(
            givens(row.getString("givens")), webhooks(row.getString("webhooks"), name)),
        Columns.instant(row, "created_at"));
  }

  private Webhooks webhooks(@Nullable String sealed, String project) {
    return sealed == null
        ? Webhooks.NONE
        : new Webhooks(Columns.values(secrets.open(sealed, project), Webhook[].class));
  }

  private @Nullable String sealed(Webhooks webhooks, ProjectName project) {
    return webhooks.isEmpty() ? null : secrets.seal(Columns.json(webhooks.all()), project.value());
  }

  private @Nullable String sealed(Project project) {
    MaterializationStorage storage = project.storage();
    return storage == null
        ? null
        : secrets.seal(StoredStorage.write(storage), project.name().value());
  }

  /** False when there is one of that name. */
  boolean insert(Session session, Project project) {
    String sql =
        """
        INSERT INTO projects (name, storage, givens, webhooks, created_at, revision)
        VALUES (?, ?, ?, ?, ?, CAST(uuid() AS varchar)) ON CONFLICT DO NOTHING
        """;
    return session
            .sql(sql)
            .param(project.name().value())
            .param(sealed(project))
            .param(Columns.json(project.options().givens().claims()))
            .param(sealed(project.options().webhooks(), project.name()))
            .param(Columns.time(project.createdAt()))
            .update()
        == 1;
  }

  /** False when there is none. */
  boolean update(Session session, Project project) {
    return session
            .sql(
                "UPDATE projects SET storage = ?, revision = CAST(uuid() AS varchar) WHERE name = ?")
            .param(sealed(project))
            .param(project.name().value())
            .update()
        == 1;
  }

  /** False when there is none. */
  boolean change(Session session, ProjectName name, ProjectOptions options) {
    String sql =
        """
        UPDATE projects SET givens = ?, webhooks = ?, revision = CAST(uuid() AS varchar)
        WHERE name = ?
        """;
    return session
            .sql(sql)
            .param(Columns.json(options.givens().claims()))
            .param(sealed(options.webhooks(), name))
            .param(name.value())
            .update()
        == 1;
  }

  /** Those of a project that is older than such bindings are null. */
  private static GivenBindings givens(@Nullable String claims) {
    return claims == null ? GivenBindings.NONE : new GivenBindings(Columns.texts(claims));
  }

  /** False when there is none. */
  static boolean remove(Session session, ProjectName name) {
    return session.sql("DELETE FROM projects WHERE name = ?").param(name.value()).update() == 1;
  }
}
