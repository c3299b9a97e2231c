package dev.ingot.materialization;

import dev.ingot.engine.Engine;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.manifest.PackageLoading;
import dev.ingot.project.ConnectionKey;
import dev.ingot.project.ConnectionSettings;
import dev.ingot.project.ConnectionStore;
import dev.ingot.project.DuckDbGrants;
import dev.ingot.project.ImplicitConnection;
import dev.ingot.project.PackageKey;
import dev.ingot.project.PackageRegistration;
import dev.ingot.project.ProjectConnection;
import dev.ingot.project.ProjectName;
import dev.ingot.project.ProjectService;
import dev.ingot.threads.Tasks;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/**
 * Creates, changes and removes the connections of projects, so that the packages know them. None of
 * it needs the database to answer: who sets things up does so in any order.
 *
 * <p>What tells a database from others ({@link ConnectionSettings#identity}) doesn't change while
 * tables are on record there, unless they are given up, nor while a run of the project is at work.
 */
@Service
public class ConnectionLifecycle {

  private static final Logger log = LoggerFactory.getLogger(ConnectionLifecycle.class);

  /** Before a package that was busy is read again. */
  private static final Duration AGAIN = Duration.ofSeconds(2);

  private final ProjectService projects;
  private final ConnectionStore store;
  private final ConnectionTables tables;
  private final PackageLoading loading;
  private final BetweenRuns between;
  private final ProjectChanges changes;
  private final Tasks tasks;
  private final Clock clock;

  ConnectionLifecycle(
      ProjectService projects,
      ConnectionStore store,
      ConnectionTables tables,
      PackageLoading loading,
      BetweenRuns between,
      ProjectChanges changes,
      Tasks tasks,
      Clock clock) {
    this.projects = projects;
    this.store = store;
    this.tables = tables;
    this.loading = loading;
    this.between = between;
    this.changes = changes;
    this.tasks = tasks;
    this.clock = clock;
  }

  /**
   * Those of a project by their names; the implicit one only when it was given something.
   *
   * @throws Fault PROJECT_NOT_FOUND
   */
  public List<ProjectConnection> list(ProjectName project) {
    return store.of(projects.project(project).name());
  }

  /**
   * Empty when the project has no such connection.
   *
   * @throws Fault PROJECT_NOT_FOUND
   */
  public Optional<ProjectConnection> find(ConnectionKey key) {
    return list(key.project()).stream().filter(one -> one.key().equals(key)).findFirst();
  }

  /**
   * @throws Fault PROJECT_NOT_FOUND, CONNECTION_NOT_FOUND
   */
  public ProjectConnection get(ConnectionKey key) {
    return find(key)
        .or(() -> isImplicit(key) ? Optional.of(implicit(key)) : Optional.empty())
        .orElseThrow(() ->
            new Fault(
                FaultCode.CONNECTION_NOT_FOUND,
                "Project '%s' has no connection '%s'; GET /api/v0/projects/%s/connections lists them"
                    .formatted(key.project(), key.name(), key.project())));
  }

  private static boolean isImplicit(ConnectionKey key) {
    return key.name().equals(ImplicitConnection.NAME);
  }

  private ProjectConnection implicit(ConnectionKey key) {
    return new ProjectConnection(key, DuckDbGrants.NONE, clock.instant());
  }

  /** Behind all connections of type duckdb, a package has one database. */
  private void requireNames(ConnectionKey key, ConnectionSettings settings) {
    if (settings instanceof DuckDbGrants) {
      var _ =
          DuckDbGrants.all(
              Stream.concat(
                  Stream.of(settings),
                  store.of(key.project()).stream()
                      .filter(one -> !one.key().equals(key))
                      .map(ProjectConnection::settings)));
    }
  }

  /**
   * @throws Fault PROJECT_NOT_FOUND, CONNECTION_EXISTS; INVALID_NAME for the implicit one's name;
   *     INVALID_CONNECTION when two attached databases have one name
   */
  public ProjectConnection create(ConnectionKey key, ConnectionSettings settings) {
    ImplicitConnection.requireName(key, settings);
    return changes.make(
        key.project(),
        () -> {
          projects.project(key.project());
          var created = new ProjectConnection(key, settings, clock.instant());
          requireNames(key, settings);
          BooleanSupplier insert = () -> insert(created);
          if (settings instanceof DuckDbGrants) {
            betweenRuns(key, insert);
          } else {
            store(key, insert);
          }
          follow(key.project());
          return created;
        });
  }

  private boolean insert(ProjectConnection created) {
    if (!store.insert(created)) {
      throw new Fault(
          FaultCode.CONNECTION_EXISTS,
          "Connection '%s' exists already; PATCH it to change it".formatted(created.key()));
    }
    return true;
  }

  /**
   * @param change of the settings that it has
   * @param abandon gives up tables that are on record where it led before
   * @throws Fault PROJECT_NOT_FOUND, CONNECTION_NOT_FOUND, CONNECTION_IN_USE, PACKAGE_BUSY
   */
  public ProjectConnection change(
      ConnectionKey key, UnaryOperator<ConnectionSettings> change, boolean abandon) {
    return changes.make(
        key.project(),
        () -> {
          ProjectConnection before = get(key);
          ProjectConnection changed = before.with(change.apply(before.settings()));
          if (changed.equals(before)) {
            return before;
          }
          requireNames(key, changed.settings());
          if (changed.settings() instanceof DuckDbGrants) {
            boolean there = find(key).isPresent();
            betweenRuns(key, () -> there ? store.update(changed) : store.insert(changed));
          } else if (changed.settings().identity().equals(before.settings().identity())) {
            store(key, () -> store.update(changed));
          } else {
            withoutTables(key, abandon, () -> store.update(changed));
          }
          follow(key.project());
          return changed;
        });
  }

  /**
   * @param abandon gives up tables that are on record there
   * @throws Fault PROJECT_NOT_FOUND, CONNECTION_NOT_FOUND, CONNECTION_IN_USE, PACKAGE_BUSY
   */
  public void delete(ConnectionKey key, boolean abandon) {
    var _ =
        changes.make(
            key.project(),
            () -> {
              ProjectConnection before = get(key);
              if (before.settings() instanceof DuckDbGrants) {
                // The database stays, and the implicit connection to it.
                betweenRuns(key, () -> find(key).isEmpty() || store.delete(key));
              } else {
                withoutTables(key, abandon, () -> store.delete(key));
              }
              follow(key.project());
              return before;
            });
  }

  /** Databases are opened anew over what they may read now, which no build would outlive. */
  private void betweenRuns(ConnectionKey key, BooleanSupplier change) {
    var _ =
        SeveralTurns.take(
            tables.packages(key.project()),
            between::take,
            turns -> {
              store(key, change);
              return key;
            });
  }

  /** In the turns of all packages: a run that has begun would build where the connection led. */
  private void withoutTables(ConnectionKey key, boolean abandon, BooleanSupplier change) {
    List<PackageKey> packages = tables.packages(key.project());
    var _ =
        SeveralTurns.take(
            packages,
            between::take,
            turns -> {
              if (abandon) {
                turns.forEach(turn -> tables.abandon(turn, key.name()));
              } else {
                tables.refuse(key, packages);
              }
              store(key, change);
              return key;
            });
  }

  private static void store(ConnectionKey key, BooleanSupplier change) {
    if (!change.getAsBoolean()) {
      throw new Fault(FaultCode.CONNECTION_NOT_FOUND, "Connection '%s' is gone".formatted(key));
    }
  }

  /** The packages of the project are read again, with the connections that there are now. */
  private void follow(ProjectName project) {
    projects.packages(project).stream().map(PackageRegistration::key).forEach(this::follow);
  }

  private void follow(PackageKey key) {
    try {
      loading.reload(key);
    } catch (Fault | Engine.EngineException | Engine.ClosedException e) {
      // The connection is right; whoever asks for the package is told what is wrong with that.
      log.warn("Package {} does not follow its connections yet: {}", key, e.getMessage());
      if (e instanceof Fault fault && fault.code() == FaultCode.PACKAGE_BUSY) {
        // What was taken back must not be read for as long as nobody asks.
        tasks.startAfter(AGAIN, "connections", () -> follow(key));
      }
    }
  }
}
