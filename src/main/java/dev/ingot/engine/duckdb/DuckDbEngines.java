package dev.ingot.engine.duckdb;

import dev.ingot.engine.Engine;
import dev.ingot.engine.Engines;
import dev.ingot.fault.Fault;
import dev.ingot.project.Home;
import dev.ingot.project.PackageKey;
import dev.ingot.project.PackageSnapshot;
import dev.ingot.project.Reserve;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/** One open database for each package. */
@Component
class DuckDbEngines implements Engines, DisposableBean {

  /**
   * The same for every package: DuckDB names a database's catalog after its file, and in a file
   * {@code analytics.duckdb} the table {@code analytics.x} would land in the schema main.
   */
  private static final String FILE = "package.duckdb";

  private static final Logger log = LoggerFactory.getLogger(DuckDbEngines.class);

  private final ConcurrentHashMap<PackageKey, DuckDbEngine> open = new ConcurrentHashMap<>();
  private final Home home;
  private final Reserve reserve;
  private final DuckDbSettings settings;

  DuckDbEngines(Home home, Reserve reserve, DuckDbSettings settings) {
    this.home = home;
    this.reserve = reserve;
    this.settings = settings;
  }

  @Override
  public Engine duckdb(PackageSnapshot snapshot) {
    DuckDbEngine engine =
        open.compute(snapshot.key(), (key, current) -> reopenIfMoved(current, snapshot));
    engine.dataFiles().follow(snapshot.dataFiles());
    return engine;
  }

  @Override
  public Engine leftBehind(PackageKey key) {
    return open.computeIfAbsent(key, k -> open(k, spill(k)));
  }

  @Override
  public void discard(PackageKey key) {
    open.computeIfPresent(
        key,
        (k, engine) -> {
          boolean empty = engine.isEmpty();
          engine.close();
          if (empty) {
            home.deleteDatabase(k);
          }
          return null;
        });
  }

  private DuckDbEngine reopenIfMoved(@Nullable DuckDbEngine current, PackageSnapshot snapshot) {
    if (current != null && current.folder().equals(snapshot.folder())) {
      return current;
    }
    if (current != null) {
      // The allowed folder is fixed once a database is locked.
      current.close();
    }
    return open(snapshot.key(), snapshot.folder());
  }

  private DuckDbEngine open(PackageKey key, Path readable) {
    Path file = home.database(key).resolve(FILE);
    return new DuckDbEngine(
        DuckDbDatabase.open(file, readable, spill(key), settings, reserve::release), readable);
  }

  private Path spill(PackageKey key) {
    return home.scratch("spill/" + key.project() + "/" + key.name());
  }

  @Override
  public boolean awaitIdle(PackageKey key, Duration patience) {
    DuckDbEngine engine = open.get(key);
    return engine == null || engine.awaitIdle(patience);
  }

  @Override
  public Set<PackageKey> open() {
    return Set.copyOf(open.keySet());
  }

  @Override
  public void close(PackageKey key) {
    // One that is busy stays, so that whoever comes next finds it open instead of locked.
    open.computeIfPresent(
        key,
        (k, engine) -> {
          engine.close();
          return null;
        });
  }

  @Override
  public void destroy() {
    open.forEach((key, engine) -> {
      try {
        engine.endAndClose();
      } catch (Fault busy) {
        log.warn("Package {} is left to the operating system: {}", key, busy.detail());
      }
    });
  }
}
