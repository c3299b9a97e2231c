package dev.ingot.state.store;

import dev.ingot.project.PackageKey;
import dev.ingot.project.PackageRegistration;
import dev.ingot.project.ProjectName;
import dev.ingot.state.Columns;
import dev.ingot.state.Session;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** The rows of {@code packages}: those that are registered on this server. */
final class PackageRows {

  private PackageRows() {}

  static List<PackageRegistration> of(Session session, ProjectName project) {
    return session
        .sql("SELECT * FROM packages WHERE project = ? ORDER BY name")
        .param(project.value())
        .query(PackageRows::registration)
        .list();
  }

  static Optional<PackageRegistration> find(Session session, PackageKey key) {
    return session
        .sql(key, "SELECT * FROM packages WHERE project = :project AND name = :package")
        .query(PackageRows::registration)
        .optional();
  }

  private static PackageRegistration registration(ResultSet row, int number) throws SQLException {
    return new PackageRegistration(
        PackageKey.of(row.getString("project"), row.getString("name")),
        row.getString("location"),
        Path.of(row.getString("folder")),
        row.getString("description"),
        row.getBoolean("strict"),
        Columns.instant(row, "created_at"));
  }

  /** False when there is one of that name. */
  static boolean insert(Session session, PackageRegistration registration) {
    String sql =
        """
        INSERT INTO packages (project, name, location, folder, description, strict, created_at,
          revision)
        VALUES (:project, :package, :location, :folder, :description, :strict, :at,
          CAST(uuid() AS varchar))
        ON CONFLICT DO NOTHING
        """;
    return session
            .sql(registration.key(), sql)
            .param("location", registration.location())
            .param("folder", registration.folder().toString())
            .param("description", registration.description())
            .param("strict", registration.strict())
            .param("at", Columns.time(registration.createdAt()))
            .update()
        == 1;
  }

  /** False when there is none. */
  static boolean update(Session session, PackageRegistration registration) {
    String sql =
        """
        UPDATE packages SET location = :location, folder = :folder, description = :description,
          strict = :strict, revision = CAST(uuid() AS varchar)
        WHERE project = :project AND name = :package
        """;
    return session
            .sql(registration.key(), sql)
            .param("location", registration.location())
            .param("folder", registration.folder().toString())
            .param("description", registration.description())
            .param("strict", registration.strict())
            .update()
        == 1;
  }

  /** False when there is none. */
  static boolean updateFolder(Session session, PackageRegistration registration) {
    return session
            .sql(
                registration.key(),
                "UPDATE packages SET folder = :folder WHERE project = :project AND name = :package")
            .param("folder", registration.folder().toString())
            .update()
        == 1;
  }

  /** False when there is none. */
  static boolean remove(Session session, PackageKey key) {
    return session
            .sql(key, "DELETE FROM packages WHERE project = :project AND name = :package")
            .update()
        == 1;
  }
}
