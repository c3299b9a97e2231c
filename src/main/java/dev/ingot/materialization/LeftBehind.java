package dev.ingot.materialization;

import dev.ingot.engine.Engine;
import dev.ingot.engine.Engines;
import dev.ingot.engine.PackageDatabases;
import dev.ingot.engine.TableName;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.manifest.Generation;
import dev.ingot.manifest.ManifestStore;
import dev.ingot.manifest.ManifestVersion;
import dev.ingot.manifest.ManifestVersion.Cause;
import dev.ingot.manifest.Turn;
import dev.ingot.project.ConnectionStore;
import dev.ingot.project.PackageKey;
import dev.ingot.project.ProjectConnection;
import dev.ingot.project.ProjectName;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Removes what a package that is registered no more has left in its databases: its views, its
 * tables and, when nothing else is in it, its own file. Rows go after what they stand for, so
 * whatever is interrupted is taken up again.
 */
@Component
class LeftBehind {

  private final ManifestStore manifests;
  private final PackageDatabases databases;
  private final Engines engines;
  private final ConnectionStore connections;
  private final Clock clock;

  LeftBehind(
      ManifestStore manifests,
      PackageDatabases databases,
      Engines engines,
      ConnectionStore connections,
      Clock clock) {
    this.manifests = manifests;
    this.databases = databases;
    this.engines = engines;
    this.connections = connections;
    this.clock = clock;
  }

  /** What is done on one connection of a package. */
  private interface Work {
    void on(String connection, Engine engine);
  }

  /**
   * @throws Engine.EngineException when a database refuses; the rest stays on record
   */
  void clear(Turn turn) {
    PackageKey key = turn.key();
    List<Generation> generations = manifests.generations(key);
    everywhere(
        key,
        (connection, engine) -> {
          Set<TableName> views = manifests.views(key, connection);
          Map<TableName, String> kept = engine.publishViews(Map.of(), views, key.toString());
          var gone = new HashSet<TableName>(views);
          gone.removeAll(kept.keySet());
          manifests.forgetViews(key, connection, gone);
          drop(engine, on(connection, generations));
        });
  }

  /** On all of them, before it throws for those that refuse. */
  private void everywhere(PackageKey key, Work work) {
    var failures = new ArrayList<RuntimeException>();
    attempt(
        failures,
        () -> {
          work.on(databases.connection(), databases.leftBehind(key));
          databases.discard(key);
        });
    for (ProjectConnection connection : connections.of(key.project())) {
      String name = connection.key().name();
      attempt(
          failures, () -> engines.leftBehind(key, name).ifPresent(engine -> work.on(name, engine)));
    }
    if (!failures.isEmpty()) {
      throw failures.getFirst();
    }
  }

  private static void attempt(List<RuntimeException> failures, Runnable work) {
    try {
      work.run();
    } catch (Engine.EngineException | Engine.ClosedException | Fault e) {
      failures.add(e);
    }
  }

  /** All that can be dropped, before it throws for what can't. */
  private void drop(Engine engine, List<Generation> generations) {
    Engine.@Nullable EngineException first = null;
    for (Generation generation : generations) {
      try {
        engine.drop(generation.table(), generation.mark());
        manifests.forget(generation);
      } catch (Engine.EngineException e) {
        first = first == null ? e : first;
      }
    }
    if (first != null) {
      throw first;
    }
  }

  /**
   * Why the database of a package that is registered no more is still open; empty when it isn't.
   */
  Optional<String> stillOpen(PackageKey key) {
    return Optional.ofNullable(databases.stuck().get(key))
        .map(stuck ->
            "Package %s is removed. What can't be interrupted still runs on its database (%s); its file goes when that has ended, or at the next start of the server"
                .formatted(key, stuck.getFirst()));
  }

  /** Those of a project that have tables on record. */
  Set<PackageKey> packages(ProjectName project) {
    return manifests.packages(project);
  }

  /**
   * @throws Fault CONNECTION_IN_USE while packages that are gone still have tables on a connection
   *     of the project: without it nobody could drop them
   */
  void requireNothingElsewhere(ProjectName project) {
    for (ProjectConnection connection : connections.of(project)) {
      String name = connection.key().name();
      long tables =
          manifests.packages(project).stream()
              .flatMap(key -> on(name, manifests.generations(key)).stream())
              .count();
      if (tables > 0) {
        throw new Fault(
            FaultCode.CONNECTION_IN_USE,
            "The packages are removed, but %d tables on connection '%s' could not be dropped yet: try again when its database answers, or give them up with DELETE /api/v0/projects/%s/connections/%s?abandon=true"
                .formatted(tables, name, project, name));
      }
    }
  }

  private static List<Generation> on(String connection, List<Generation> generations) {
    return generations.stream().filter(one -> one.connection().equals(connection)).toList();
  }

  /** The tables and views on record of a package, by connection. */
  Map<String, Set<TableName>> names(PackageKey key) {
    var names = new HashMap<String, Set<TableName>>();
    for (Generation generation : manifests.generations(key)) {
      names
          .computeIfAbsent(generation.connection(), c -> new HashSet<>(manifests.views(key, c)))
          .add(generation.table());
    }
    return names;
  }

  /** Drops this server's views of what is other servers' too; tables and records stay. */
  void leave(Turn turn) {
    PackageKey key = turn.key();
    Set<TableName> views = manifests.views(key, databases.connection());
    if (!views.isEmpty()) {
      databases.leftBehind(key).publishViews(Map.of(), views, key.toString());
      manifests.forgetViews(key, databases.connection(), views);
    }
    databases.discard(key);
  }

  /**
   * Drops the tables of a shared package that was given up, as no server that serves it may be left
   * to do it; but for those that a live one still reads.
   */
  void sweepTornDown(Turn turn) {
    PackageKey key = turn.key();
    List<ManifestVersion> versions = manifests.versions(key);
    if (versions.isEmpty() || !isTornDown(versions.getFirst())) {
      return;
    }
    manifests.forgetVersions(key, versions.stream().map(ManifestVersion::number).toList());
    List<Generation> condemned = manifests.condemn(key, clock.instant(), Set.of());
    if (!condemned.isEmpty()) {
      everywhere(key, (connection, engine) -> drop(engine, on(connection, condemned)));
    }
  }

  /** Not when only the tables of one connection were given up. */
  private static boolean isTornDown(ManifestVersion version) {
    return version.cause() instanceof Cause.Teardown && version.entries().isEmpty();
  }

  /** Takes the marks off what is somebody else's now. */
  void release(Turn turn, Map<String, Set<TableName>> names) {
    everywhere(
        turn.key(),
        (connection, engine) -> engine.disown(names.getOrDefault(connection, Set.of())));
  }
}
