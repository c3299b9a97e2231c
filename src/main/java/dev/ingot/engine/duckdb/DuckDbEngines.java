package dev.ingot.engine.duckdb;

import dev.ingot.engine.Engine;
import dev.ingot.engine.Engines;
import dev.ingot.fault.Fault;
import dev.ingot.project.Home;
import dev.ingot.project.PackageKey;
import dev.ingot.project.PackageSnapshot;
import dev.ingot.project.Reserve;
import java.nio.file.Path;
import java.util.Objects;
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

  private final ConcurrentHashMap<PackageKey, OpenEngine> open = new ConcurrentHashMap<>();
  private final Home home;
  private final Reserve reserve;
  private final DuckDbSettings settings;
  private final SharedTables sharedTables;

  DuckDbEngines(Home home, Reserve reserve, DuckDbSettings settings, SharedTables sharedTables) {
    this.home = home;
    this.reserve = reserve;
    this.settings = settings;
    this.sharedTables = sharedTables;
  }

  /**
   * An engine and what it may reach, which is fixed once its database is locked.
   *
   * @param shared null when the package's tables lie in its database
   */
  private record OpenEngine(DuckDbEngine engine, Path folder, @Nullable SharedFolder shared) {}

  @Override
  public Engine duckdb(PackageSnapshot snapshot) {
    DuckDbEngine engine =
        open.compute(snapshot.key(), (key, current) -> reopenIfMoved(current, snapshot)).engine();
    engine.dataFiles().follow(snapshot.dataFiles());
    return engine;
  }

  @Override
  public Engine leftBehind(PackageKey key) {
    return open.computeIfAbsent(key, k -> open(k, spill(k), sharedTables.folder(k))).engine();
  }

  @Override
  public void discard(PackageKey key) {
    open.computeIfPresent(
        key,
        (k, opened) -> {
          boolean empty = opened.engine().isEmpty();
          opened.engine().close();
          if (empty) {
            home.deleteDatabase(k);
          }
          return null;
        });
  }

  private OpenEngine reopenIfMoved(@Nullable OpenEngine current, PackageSnapshot snapshot) {
    SharedFolder shared = sharedTables.folder(snapshot.key());
    if (current != null
        && current.folder().equals(snapshot.folder())
        && Objects.equals(current.shared(), shared)) {
      return current;
    }
    if (current != null) {
      current.engine().close();
    }
    return open(snapshot.key(), snapshot.folder(), shared);
  }

  private OpenEngine open(PackageKey key, Path readable, @Nullable SharedFolder shared) {
    Path file = home.database(key).resolve(FILE);
    var hardening = new Hardening(readable, spill(key), settings, shared);
    DuckDbDatabase database = DuckDbDatabase.open(file, hardening, reserve::release);
    DuckDbEngine engine =
        shared == null
            ? new DuckDbEngine(database, readable)
            : new DuckDbEngine(database, readable, sharedTables.in(shared, database));
    return new OpenEngine(engine, readable, shared);
  }

  private Path spill(PackageKey key) {
    return home.scratch("spill/" + key.project() + "/" + key.name());
  }

  @Override
  public void close(PackageKey key) {
    // One that is busy stays, so that whoever comes next finds it open instead of locked.
    open.computeIfPresent(
        key,
        (k, opened) -> {
          opened.engine().close();
          return null;
        });
  }

  @Override
  public void destroy() {
    open.forEach((key, opened) -> {
      try {
        opened.engine().endAndClose();
      } catch (Fault busy) {
        log.warn("Package {} is left to the operating system: {}", key, busy.detail());
      }
    });
  }
}
