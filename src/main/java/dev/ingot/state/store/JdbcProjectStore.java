package dev.ingot.state.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.ingot.project.ConnectionKey;
import dev.ingot.project.MaterializationStorage;
import dev.ingot.project.PackageKey;
import dev.ingot.project.PackageRegistration;
import dev.ingot.project.Project;
import dev.ingot.project.ProjectName;
import dev.ingot.project.ProjectOptions;
import dev.ingot.project.ProjectStore;
import dev.ingot.project.SecretBox;
import dev.ingot.state.PackageLock;
import dev.ingot.state.ProjectStorages;
import dev.ingot.state.Session;
import dev.ingot.state.file.LocalState;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Repository;

/** Registrations in the state file. */
@Repository
class JdbcProjectStore implements ProjectStore, ProjectStorages {

  private static final int MOST = 10_000;

  private final LocalState state;
  private final ProjectRows projects;

  /** They go with their project. */
  private final JdbcConnectionStore connections;

  /**
   * Each request and each step of a run asks for its package. Whoever reads one is waited for by
   * whoever changes it, so what is kept here is what is on record.
   */
  private final Cache<PackageKey, @Nullable PackageRegistration> registrations =
      Caffeine.newBuilder().maximumSize(MOST).build();

  /** As registrations: each query asks. */
  private final Cache<ProjectName, ProjectOptions> options =
      Caffeine.newBuilder().maximumSize(MOST).build();

  private final List<Consumer<ProjectName>> changed = new CopyOnWriteArrayList<>();

  JdbcProjectStore(LocalState state, SecretBox secrets, JdbcConnectionStore connections) {
    this.state = state;
    this.connections = connections;
    projects = new ProjectRows(secrets);
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
    return state.read(projects::all);
  }

  @Override
  public List<ProjectName> names() {
    return state.read(ProjectRows::names);
  }

  @Override
  public Optional<Project> project(ProjectName name) {
    return state.read(session -> projects.find(session, name));
  }

  @Override
  public ProjectOptions options(ProjectName name) {
    return options.get(name, it -> project(it).map(Project::options).orElse(ProjectOptions.NONE));
  }

  @Override
  public boolean change(ProjectName name, ProjectOptions wanted) {
    return changing(name, () -> state.write(session -> projects.change(session, name, wanted)));
  }

  /** Also when it fails: a commit without an answer may have been done. */
  private boolean changing(ProjectName name, BooleanSupplier change) {
    try {
      return change.getAsBoolean();
    } finally {
      options.invalidate(name);
    }
  }

  @Override
  public boolean insert(Project project) {
    return told(
        project.name(),
        changing(project.name(), () -> state.write(session -> projects.insert(session, project))));
  }

  @Override
  public boolean update(Project project) {
    return told(
        project.name(),
        state.write(session -> {
          PackageRows.of(session, project.name())
              .forEach(one -> ClaimRows.refuseRunning(session, one.key()));
          return projects.update(session, project);
        }));
  }

  @Override
  public boolean delete(ProjectName name) {
    Optional<List<ConnectionKey>> gone =
        connections.changing(name, () -> state.write(session -> delete(session, name)));
    options.invalidate(name);
    gone.ifPresent(connections::tell);
    return told(name, gone.isPresent());
  }

  /** The connections that it had; empty when there is none, or it has packages. */
  private static Optional<List<ConnectionKey>> delete(Session session, ProjectName name) {
    if (!PackageRows.of(session, name).isEmpty() || !ProjectRows.remove(session, name)) {
      return Optional.empty();
    }
    OutboxRows.removeAll(session, name);
    return Optional.of(ConnectionRows.removeAll(session, name));
  }

  @Override
  public List<PackageRegistration> packages(ProjectName project) {
    return state.read(session -> PackageRows.of(session, project));
  }

  @Override
  public Optional<PackageRegistration> find(PackageKey key) {
    return Optional.ofNullable(
        registrations.get(
            key, it -> state.read(session -> PackageRows.find(session, it)).orElse(null)));
  }

  @Override
  public boolean insert(PackageRegistration registration) {
    return state.write(session -> PackageRows.insert(session, registration));
  }

  /** Also when it fails: a commit without an answer may have been done. */
  private boolean changing(PackageKey key, BooleanSupplier change) {
    try {
      return change.getAsBoolean();
    } finally {
      registrations.invalidate(key);
    }
  }

  @Override
  public boolean update(PackageRegistration registration) {
    return changing(
        registration.key(), () -> state.write(session -> update(session, registration)));
  }

  private static boolean update(Session session, PackageRegistration registration) {
    boolean moves =
        PackageRows.find(session, registration.key())
            .filter(before -> !before.folder().equals(registration.folder()))
            .isPresent();
    if (moves) {
      ClaimRows.refuseRunning(session, registration.key());
    }
    return PackageRows.update(session, registration);
  }

  @Override
  public boolean updateFolder(PackageRegistration registration) {
    return changing(
        registration.key(),
        () -> state.write(session -> PackageRows.updateFolder(session, registration)));
  }

  @Override
  public boolean unregister(PackageKey key) {
    return changing(key, () -> state.write(session -> PackageRows.remove(session, key)));
  }

  @Override
  public boolean delete(PackageKey key, boolean disown) {
    return changing(key, () -> state.locked(key, lock -> remove(lock, disown)));
  }

  private boolean remove(PackageLock lock, boolean disown) {
    Session session = lock.session();
    ClaimRows.refuseRunning(session, lock.key());
    if (disown) {
      // Else they outlive their package until the tables themselves are gone.
      GenerationRows.removeAll(lock);
      ViewRows.removeAll(lock);
    }
    RunRows.removeAll(lock);
    VersionRows.removeAll(lock);
    // In the same file, so a part of the same transaction.
    state.entries().forget(lock.key(), state.entries().contents(lock.key()));
    CurrentRows.remove(lock);
    return PackageRows.remove(session, lock.key());
  }
}
