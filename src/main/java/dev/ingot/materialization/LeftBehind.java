package dev.ingot.materialization;

import dev.ingot.engine.Engine;
import dev.ingot.engine.Engines;
import dev.ingot.engine.TableName;
import dev.ingot.manifest.Generation;
import dev.ingot.manifest.ManifestStore;
import dev.ingot.manifest.ManifestVersion;
import dev.ingot.manifest.ManifestVersion.Cause;
import dev.ingot.manifest.Turn;
import dev.ingot.project.PackageKey;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;

/**
 * Removes what a package that is registered no more has left in its database: its views, its tables
 * and, when nothing else is in it, the file. Rows go after what they stand for, so whatever is
 * interrupted is taken up again.
 */
@Component
class LeftBehind {

  private final ManifestStore manifests;
  private final Engines engines;
  private final Clock clock;

  LeftBehind(ManifestStore manifests, Engines engines, Clock clock) {
    this.manifests = manifests;
    this.engines = engines;
    this.clock = clock;
  }

  /**
   * @throws Engine.EngineException when the database refuses; the rest stays on record
   */
  void clear(Turn turn) {
    PackageKey key = turn.key();
    Engine engine = engines.leftBehind(key);
    Set<TableName> views = manifests.views(key, Engines.DUCKDB);
    engine.publishViews(Map.of(), views);
    manifests.forgetViews(key, Engines.DUCKDB, views);
    for (Generation generation : manifests.generations(key)) {
      engine.drop(generation.table(), generation.mark());
      manifests.forget(generation);
    }
    engines.discard(key);
  }

  /** Drops this server's views of what is other servers' too; tables and records stay. */
  void leave(Turn turn) {
    PackageKey key = turn.key();
    Set<TableName> views = manifests.views(key, Engines.DUCKDB);
    if (!views.isEmpty()) {
      engines.leftBehind(key).publishViews(Map.of(), views);
      manifests.forgetViews(key, Engines.DUCKDB, views);
    }
    engines.discard(key);
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
    List<Generation> condemned = manifests.condemn(key, clock.instant(), Set.of());
    if (!condemned.isEmpty()) {
      Engine engine = engines.leftBehind(key);
      for (Generation generation : condemned) {
        engine.drop(generation.table(), generation.mark());
        manifests.forget(generation);
      }
      engines.discard(key);
    }
  }

  /** Takes the marks off what is somebody else's now. */
  void release(Turn turn, Set<TableName> names) {
    PackageKey key = turn.key();
    engines.leftBehind(key).disown(names);
    engines.discard(key);
  }
}
