package dev.ingot.state.store;

import dev.ingot.project.GivenBindings;
import dev.ingot.project.MaterializationStorage;
import dev.ingot.project.Project;
import dev.ingot.project.ProjectName;
import dev.ingot.project.SecretBox;
import dev.ingot.state.Columns;
import dev.ingot.state.Session;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rows of {@code projects}: those that are registered on this server. */
final class ProjectRows {

  private static final String SELECT = "SELECT name, storage, givens, created_at FROM projects ";

  /** Of their storages. */
  private final SecretBox secrets;

  ProjectRows(SecretBox secrets) {
    this.secrets = secrets;
  }

  List<Project> all(Session session) {
    return session.sql(SELECT + "ORDER BY name").query(this::project).list();
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
        givens(row.getString("givens")),
        Columns.instant(row, "created_at"));
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
        INSERT INTO projects (name, storage, givens, created_at, revision)
        VALUES (?, ?, ?, ?, CAST(uuid() AS varchar)) ON CONFLICT DO NOTHING
        """;
    return session
            .sql(sql)
            .param(project.name().value())
            .param(sealed(project))
            .param(Columns.json(project.givens().claims()))
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
  static boolean bind(Session session, ProjectName name, GivenBindings givens) {
    return session
            .sql(
                "UPDATE projects SET givens = ?, revision = CAST(uuid() AS varchar) WHERE name = ?")
            .param(Columns.json(givens.claims()))
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
