package dev.ingot.materialization;

import dev.ingot.engine.Engine;
import dev.ingot.engine.Engines;
import dev.ingot.engine.TableName;
import dev.ingot.manifest.Generation;
import dev.ingot.manifest.ManifestStore;
import dev.ingot.project.PackageKey;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;

/**
 * Removes what a package that is registered no more has left in its database: its views, its tables
 * and, when nothing else is in it, the file. Rows go after what they stand for, so whatever is
 * interrupted is taken up again. Whoever calls it has the package's turn.
 */
@Component
class LeftBehind {

  private final ManifestStore manifests;
  private final Engines engines;

  LeftBehind(ManifestStore manifests, Engines engines) {
    this.manifests = manifests;
    this.engines = engines;
  }

  /**
   * @throws Engine.EngineException when the database refuses; the rest stays on record
   */
  void clear(PackageKey key) {
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
  void leave(PackageKey key) {
    Set<TableName> views = manifests.views(key, Engines.DUCKDB);
    engines.leftBehind(key).publishViews(Map.of(), views);
    manifests.forgetViews(key, Engines.DUCKDB, views);
    engines.discard(key);
  }

  /** Takes the marks off what is somebody else's now. */
  void release(PackageKey key, Set<TableName> names) {
    engines.leftBehind(key).disown(names);
    engines.discard(key);
  }
}
