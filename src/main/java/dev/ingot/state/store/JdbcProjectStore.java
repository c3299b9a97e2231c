package dev.ingot.state.store;

import dev.ingot.project.MaterializationStorage;
import dev.ingot.project.PackageKey;
import dev.ingot.project.PackageRegistration;
import dev.ingot.project.Project;
import dev.ingot.project.ProjectName;
import dev.ingot.project.ProjectStore;
import dev.ingot.project.SecretBox;
import dev.ingot.state.Columns;
import dev.ingot.state.ProjectStorages;
import dev.ingot.state.file.LocalHome;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Repository;

/** Registrations in the state file. */
@Repository
class JdbcProjectStore implements ProjectStore, ProjectStorages {

  private static final List<String> RECORDS_OF_A_PACKAGE =
      List.of("versions", "entries", "current_versions");

  /** They outlive their package until the tables themselves are gone. */
  private static final List<String> RECORDS_OF_TABLES = List.of("generations", "views");

  private final LocalHome state;
  private final SecretBox secrets;
  private final List<Consumer<ProjectName>> changed = new CopyOnWriteArrayList<>();

  JdbcProjectStore(LocalHome state, SecretBox secrets) {
    this.state = state;
    this.secrets = secrets;
  }

  @Override
  public Optional<MaterializationStorage> storage(ProjectName project) {
    return project(project).map(Project::storage);
  }

  @Override
  public void onChange(Consumer<ProjectName> listener) {
    changed.add(listener);
  }

  private boolean told(ProjectName name, boolean changes) {
    if (changes) {
      changed.forEach(listener -> listener.accept(name));
    }
    return changes;
  }

  @Override
  public List<Project> projects() {
    return state
        .client()
        .sql("SELECT name, storage, created_at FROM projects ORDER BY name")
        .query(this::row)
        .list();
  }

  @Override
  public Optional<Project> project(ProjectName name) {
    return state
        .client()
        .sql("SELECT name, storage, created_at FROM projects WHERE name = ?")
        .param(name.value())
        .query(this::row)
        .optional();
  }

  private Project row(ResultSet row, int number) throws SQLException {
    String name = row.getString("name");
    String sealed = row.getString("storage");
    return new Project(
        new ProjectName(name),
        sealed == null ? null : StoredStorage.read(secrets.open(sealed, name)),
        Columns.instant(row, "created_at"));
  }

  @Override
  public boolean insert(Project project) {
    String sql =
        "INSERT INTO projects (name, storage, created_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING";
    return told(
        project.name(),
        state.write(() ->
            state
                    .client()
                    .sql(sql)
                    .param(project.name().value())
                    .param(sealed(project))
                    .param(Columns.time(project.createdAt()))
                    .update()
                == 1));
  }

  @Override
  public boolean update(Project project) {
    return told(
        project.name(),
        state.write(() -> {
          var claims = new ClaimRows(state);
          packages(project.name()).forEach(one -> claims.refuseRunning(one.key()));
          return state
                  .client()
                  .sql("UPDATE projects SET storage = ? WHERE name = ?")
                  .param(sealed(project))
                  .param(project.name().value())
                  .update()
              == 1;
        }));
  }

  private @Nullable String sealed(Project project) {
    MaterializationStorage storage = project.storage();
    return storage == null
        ? null
        : secrets.seal(StoredStorage.write(storage), project.name().value());
  }

  @Override
  public boolean delete(ProjectName name) {
    return told(
        name,
        state.write(() ->
            packages(name).isEmpty()
                && state
                        .client()
                        .sql("DELETE FROM projects WHERE name = ?")
                        .param(name.value())
                        .update()
                    == 1));
  }

  @Override
  public List<PackageRegistration> packages(ProjectName project) {
    return state
        .client()
        .sql("SELECT * FROM packages WHERE project = ? ORDER BY name")
        .param(project.value())
        .query(JdbcProjectStore::registration)
        .list();
  }

  @Override
  public Optional<PackageRegistration> find(PackageKey key) {
    return state
        .client()
        .sql("SELECT * FROM packages WHERE project = ? AND name = ?")
        .param(key.project().value())
        .param(key.name().value())
        .query(JdbcProjectStore::registration)
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

  @Override
  public boolean insert(PackageRegistration registration) {
    String sql =
        """
        INSERT INTO packages (project, name, location, folder, description, strict, created_at)
        VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
        """;
    return state.write(() ->
        state
                .client()
                .sql(sql)
                .param(registration.key().project().value())
                .param(registration.key().name().value())
                .param(registration.location())
                .param(registration.folder().toString())
                .param(registration.description())
                .param(registration.strict())
                .param(Columns.time(registration.createdAt()))
                .update()
            == 1);
  }

  @Override
  public boolean update(PackageRegistration registration) {
    String sql =
        """
        UPDATE packages SET location = ?, folder = ?, description = ?, strict = ?
        WHERE project = ? AND name = ?
        """;
    return state.write(() -> {
      boolean moves =
          find(registration.key())
              .filter(before -> !before.folder().equals(registration.folder()))
              .isPresent();
      if (moves) {
        new ClaimRows(state).refuseRunning(registration.key());
      }
      return state
              .client()
              .sql(sql)
              .param(registration.location())
              .param(registration.folder().toString())
              .param(registration.description())
              .param(registration.strict())
              .param(registration.key().project().value())
              .param(registration.key().name().value())
              .update()
          == 1;
    });
  }

  @Override
  public boolean unregister(PackageKey key) {
    return state.write(
        () -> update("DELETE FROM packages WHERE project = ? AND name = ?", key) == 1);
  }

  @Override
  public boolean delete(PackageKey key, boolean disown) {
    return state.write(() -> remove(key, disown));
  }

  private boolean remove(PackageKey key, boolean disown) {
    new ClaimRows(state).refuseRunning(key);
    if (disown) {
      RECORDS_OF_TABLES.forEach(
          table -> update("DELETE FROM " + table + " WHERE project = ? AND package = ?", key));
    }
    new RunRows(state).removeAll(key);
    RECORDS_OF_A_PACKAGE.forEach(
        table -> update("DELETE FROM " + table + " WHERE project = ? AND package = ?", key));
    return update("DELETE FROM packages WHERE project = ? AND name = ?", key) == 1;
  }

  private int update(String sql, PackageKey key) {
    return state.client().sql(sql).param(key.project().value()).param(key.name().value()).update();
  }
}
