package dev.ingot.engine.postgres;

import dev.ingot.engine.BuildSettings;
import dev.ingot.engine.CarriedEngine;
import dev.ingot.engine.Engine;
import dev.ingot.engine.EngineConnection;
import dev.ingot.engine.EngineKind;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.project.Certificates;
import dev.ingot.project.ConnectionKey;
import dev.ingot.project.ConnectionStore;
import dev.ingot.project.PackageKey;
import dev.ingot.project.PackageSnapshot;
import dev.ingot.project.PostgresSettings;
import dev.ingot.project.Project;
import dev.ingot.project.ProjectConnection;
import dev.ingot.project.ProjectName;
import dev.ingot.project.ProjectStore;
import dev.ingot.telemetry.Telemetry;
import dev.ingot.threads.Tasks;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * The PostgreSQL connections of projects, each with sessions that all packages of its project
 * share. They are closed when the connection changes, and opened anew by whoever needs them next.
 */
@Component
class PostgresEngines implements EngineKind, DisposableBean {

  /** Malloy's word for it. */
  private static final String DIALECT = "postgres";

  /** The most queries that have a session at once; the next ones wait. */
  private static final int QUERIES = 8;

  /** For what plans and cleans up, which never waits for a query or a build. */
  private static final int OTHER_SESSIONS = 4;

  private final ConcurrentHashMap<ConnectionKey, OpenEngine> open = new ConcurrentHashMap<>();
  private final ConnectionStore connections;
  private final ProjectStore projects;
  private final BuildSettings builds;
  private final Certificates certificates;
  private final Tasks tasks;
  private final Telemetry telemetry;

  PostgresEngines(
      ConnectionStore connections,
      ProjectStore projects,
      BuildSettings builds,
      Certificates certificates,
      Tasks tasks,
      Telemetry telemetry) {
    this.connections = connections;
    this.projects = projects;
    this.builds = builds;
    this.certificates = certificates;
    this.tasks = tasks;
    this.telemetry = telemetry;
    connections.onChange(this::changed);
  }

  /**
   * An engine.
   *
   * @param carried the same for callers on whatever thread
   */
  private record OpenEngine(PostgresEngine engine, CarriedEngine carried) {

    void close() {
      engine.close();
      carried.close();
    }
  }

  @Override
  public List<EngineConnection> connections(PackageSnapshot snapshot) {
    ProjectName project = snapshot.key().project();
    List<ProjectConnection> all =
        connections.of(project).stream()
            .filter(one -> one.settings() instanceof PostgresSettings)
            .toList();
    if (all.isEmpty()) {
      return List.of();
    }
    boolean shared = projects.project(project).filter(Project::isShared).isPresent();
    return all.stream().map(one -> describe(one, shared)).toList();
  }

  private EngineConnection describe(ProjectConnection connection, boolean shared) {
    String identity = connection.settings().identity();
    return new EngineConnection(
        connection.key().name(),
        connection.key().name(),
        DIALECT,
        "type=%s %s".formatted(DIALECT, identity),
        identity,
        "",
        shared,
        builds.limit());
  }

  @Override
  public Engine open(PackageSnapshot snapshot, String connection) {
    return opened(new ConnectionKey(snapshot.key().project(), connection)).carried();
  }

  @Override
  public Optional<Engine> leftBehind(PackageKey key, String connection) {
    var wanted = new ConnectionKey(key.project(), connection);
    return find(wanted).map(there -> opened(wanted).carried());
  }

  /**
   * The engine itself.
   *
   * @throws Fault CONNECTION_NOT_FOUND
   */
  PostgresEngine inside(ConnectionKey key) {
    settings(key);
    return opened(key).engine();
  }

  private PostgresSettings settings(ConnectionKey key) {
    return find(key).orElseThrow(() -> missing(key));
  }

  private Optional<PostgresSettings> find(ConnectionKey key) {
    return connections
        .find(key)
        .map(ProjectConnection::settings)
        .filter(PostgresSettings.class::isInstance)
        .map(PostgresSettings.class::cast);
  }

  private OpenEngine opened(ConnectionKey key) {
    return open.computeIfAbsent(key, this::open);
  }

  private static Fault missing(ConnectionKey key) {
    return new Fault(
        FaultCode.CONNECTION_NOT_FOUND,
        "Project '%s' has no connection '%s'; GET /api/v0/projects/%s/connections lists them"
            .formatted(key.project(), key.name(), key.project()));
  }

  private OpenEngine open(ConnectionKey key) {
    int limit = builds.limit();
    var sessions =
        new PostgresSessions(
            key,
            () -> settings(key),
            settings ->
                new PostgresServer(settings, certificates)
                    .pool(
                        "postgres-" + key.name(),
                        "ingot/" + key.project(),
                        limit + QUERIES + OTHER_SESSIONS,
                        telemetry.meters()),
            tasks);
    var engine = new PostgresEngine(new PostgresDatabase(sessions), QUERIES);
    return new OpenEngine(
        engine, new CarriedEngine(engine, "postgres", key.name(), limit, telemetry));
  }

  private void changed(ConnectionKey key) {
    if (find(key).isPresent()) {
      open.computeIfPresent(
          key,
          (k, known) -> {
            known.engine().database().sessions().changed();
            return known;
          });
      return;
    }
    OpenEngine gone = open.remove(key);
    if (gone != null) {
      gone.close();
    }
  }

  @Override
  public void destroy() {
    open.values().forEach(OpenEngine::close);
  }
}
