package dev.ingot.materialization;

import dev.ingot.engine.Engine;
import dev.ingot.engine.PackageDatabases;
import dev.ingot.engine.TableName;
import dev.ingot.manifest.Generation;
import dev.ingot.manifest.ManifestStore;
import dev.ingot.manifest.ManifestVersion;
import dev.ingot.manifest.ManifestVersion.Cause;
import dev.ingot.manifest.Turn;
import dev.ingot.project.PackageKey;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Removes what a package that is registered no more has left in its database: its views, its tables
 * and, when nothing else is in it, the file. Rows go after what they stand for, so whatever is
 * interrupted is taken up again.
 */
@Component
class LeftBehind {

  private final ManifestStore manifests;
  private final PackageDatabases databases;
  private final Clock clock;

  LeftBehind(ManifestStore manifests, PackageDatabases databases, Clock clock) {
    this.manifests = manifests;
    this.databases = databases;
    this.clock = clock;
  }

  /**
   * @throws Engine.EngineException when the database refuses; the rest stays on record
   */
  void clear(Turn turn) {
    PackageKey key = turn.key();
    Engine engine = databases.leftBehind(key);
    Set<TableName> views = manifests.views(key, databases.connection());
    engine.publishViews(Map.of(), views);
    manifests.forgetViews(key, databases.connection(), views);
    drop(engine, here(manifests.generations(key)));
    databases.discard(key);
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

  /** Those in the package's own database; what lies on another connection stays on record. */
  private List<Generation> here(List<Generation> generations) {
    return generations.stream()
        .filter(one -> one.connection().equals(databases.connection()))
        .toList();
  }

  /** The tables and views on record of a package's own database. */
  Set<TableName> names(PackageKey key) {
    var names = new HashSet<TableName>(manifests.views(key, databases.connection()));
    here(manifests.generations(key)).forEach(generation -> names.add(generation.table()));
    return names;
  }

  /** Drops this server's views of what is other servers' too; tables and records stay. */
  void leave(Turn turn) {
    PackageKey key = turn.key();
    Set<TableName> views = manifests.views(key, databases.connection());
    if (!views.isEmpty()) {
      databases.leftBehind(key).publishViews(Map.of(), views);
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
    if (versions.isEmpty() || !(versions.getFirst().cause() instanceof Cause.Teardown)) {
      return;
    }
    manifests.forgetVersions(key, versions.stream().map(ManifestVersion::number).toList());
    List<Generation> condemned = here(manifests.condemn(key, clock.instant(), Set.of()));
    if (!condemned.isEmpty()) {
      Engine engine = databases.leftBehind(key);
      drop(engine, condemned);
      databases.discard(key);
    }
  }

  /** Takes the marks off what is somebody else's now. */
  void release(Turn turn, Set<TableName> names) {
    PackageKey key = turn.key();
    databases.leftBehind(key).disown(names);
    databases.discard(key);
  }
}
