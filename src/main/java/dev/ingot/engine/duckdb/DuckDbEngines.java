package dev.ingot.engine.duckdb;

import dev.ingot.engine.BuildSettings;
import dev.ingot.engine.CarriedEngine;
import dev.ingot.engine.Engine;
import dev.ingot.engine.EngineConnection;
import dev.ingot.engine.EngineKind;
import dev.ingot.engine.Engines;
import dev.ingot.engine.PackageDatabases;
import dev.ingot.fault.Fault;
import dev.ingot.project.DuckDbGrants;
import dev.ingot.project.Home;
import dev.ingot.project.PackageKey;
import dev.ingot.project.PackageSnapshot;
import dev.ingot.project.Reserve;
import dev.ingot.telemetry.Telemetry;
import dev.ingot.threads.PlatformCalls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/** One open database for each package. */
@Component
class DuckDbEngines implements EngineKind, PackageDatabases, DisposableBean {

  /**
   * The same for every package: DuckDB names a database's catalog after its file, and in a file
   * {@code analytics.duckdb} the table {@code analytics.x} would land in the schema main.
   */
  private static final String FILE = "package.duckdb";

  /** For all databases together, when the server ends. */
  private static final Duration END_PATIENCE = Duration.ofMillis(500);

  private static final Logger log = LoggerFactory.getLogger(DuckDbEngines.class);

  /** Malloy's word for it. */
  private static final String DIALECT = "duckdb";

  private final ConcurrentHashMap<PackageKey, OpenEngine> open = new ConcurrentHashMap<>();

  /** For what opens and closes databases; what runs on one is carried by its own engine. */
  private final PlatformCalls calls = new PlatformCalls("duckdb-open", 4);

  private final Home home;
  private final Reserve reserve;
  private final DuckDbSettings settings;
  private final BuildSettings builds;
  private final SharedTables sharedTables;
  private final ProjectGrants projectGrants;
  private final Telemetry telemetry;
  private final PlainNames plainNames;

  DuckDbEngines(
      Home home,
      Reserve reserve,
      DuckDbSettings settings,
      BuildSettings builds,
      SharedTables sharedTables,
      ProjectGrants projectGrants,
      Telemetry telemetry) {
    this.home = home;
    this.reserve = reserve;
    this.settings = settings;
    this.builds = builds;
    this.sharedTables = sharedTables;
    this.projectGrants = projectGrants;
    this.telemetry = telemetry;
    plainNames = new PlainNames(home);
  }

  /**
   * An engine and what it may reach, which is fixed once its database is locked.
   *
   * @param carried the same for callers on whatever thread
   * @param shared null when the package's tables lie in its database
   */
  private record OpenEngine(
      DuckDbEngine engine, CarriedEngine carried, Path folder, @Nullable SharedFolder shared) {

    DuckDbDatabase database() {
      return engine.database();
    }

    Grants grants() {
      return database().hardening().grants();
    }

    void close() {
      engine.close();
      carried.close();
    }
  }

  /**
   * The implicit one, over the package's folder, and those of the project that are other names for
   * it. Where a package lies is each server's own, so the servers of a shared project take their
   * folders for the same.
   */
  @Override
  public List<EngineConnection> connections(PackageSnapshot snapshot) {
    boolean shared = sharedTables.folder(snapshot.key()) != null;
    return projectGrants.connections(snapshot.key().project()).stream()
        .map(name -> describe(snapshot, name, shared))
        .toList();
  }

  private EngineConnection describe(PackageSnapshot snapshot, String name, boolean shared) {
    PackageKey key = snapshot.key();
    String digest =
        "name=%s type=%s dialect=%s project=%s package=%s"
            .formatted(name, "duckdb", DIALECT, key.project(), key.name());
    return new EngineConnection(
        name,
        connection(),
        DIALECT,
        digest,
        shared ? "shared" : snapshot.folder().toString(),
        projectGrants.version(key.project()),
        shared,
        builds.limit());
  }

  @Override
  public String connection() {
    return Engines.DUCKDB;
  }

  @Override
  public Engine open(PackageSnapshot snapshot, String connection) {
    return calls.call(() -> {
      OpenEngine opened =
          open.compute(snapshot.key(), (key, current) -> reopenIfMoved(current, snapshot));
      opened.engine().dataFiles().follow(snapshot.dataFiles());
      return opened.carried();
    });
  }

  /** It cleans up, which needs nothing that lies elsewhere. */
  @Override
  public Engine leftBehind(PackageKey key) {
    return calls.call(() ->
        open.computeIfAbsent(key, k -> open(k, spill(k), sharedTables.folder(k), DuckDbGrants.NONE))
            .carried());
  }

  /** Its databases are the packages' own. */
  @Override
  public Optional<Engine> leftBehind(PackageKey key, String connection) {
    return Optional.empty();
  }

  @Override
  public void discard(PackageKey key) {
    calls.call(() ->
        open.computeIfPresent(
            key,
            (k, opened) -> {
              boolean empty = opened.engine().isEmpty();
              opened.close();
              if (empty) {
                home.deleteDatabase(k);
              }
              return null;
            }));
  }

  private OpenEngine reopenIfMoved(@Nullable OpenEngine current, PackageSnapshot snapshot) {
    SharedFolder shared = sharedTables.folder(snapshot.key());
    DuckDbGrants granted = projectGrants.granted(snapshot.key().project());
    if (current != null
        && current.folder().equals(snapshot.folder())
        && Objects.equals(current.shared(), shared)) {
      return current.grants().granted().equals(granted)
          ? current
          : reopened(current, snapshot, granted);
    }
    if (current != null) {
      current.close();
    }
    return open(snapshot.key(), snapshot.folder(), shared, granted);
  }

  private OpenEngine open(
      PackageKey key, Path readable, @Nullable SharedFolder shared, DuckDbGrants granted) {
    Path file = home.database(key).resolve(FILE);
    Hardening hardening = hardening(key, readable, shared, granted);
    DuckDbDatabase database = DuckDbDatabase.open(file, hardening, reserve::release);
    Path plain = plainNames.of(key, readable);
    DuckDbEngine engine =
        shared == null
            ? new DuckDbEngine(database, plain)
            : new DuckDbEngine(database, plain, sharedTables.in(shared, database));
    var carried =
        new CarriedEngine(engine, "duckdb", key.name().value(), builds.limit(), telemetry);
    return new OpenEngine(engine, carried, readable, shared);
  }

  @Override
  public void readFrom(PackageSnapshot snapshot) {
    calls.call(() ->
        open.computeIfPresent(
            snapshot.key(),
            (key, opened) ->
                reopened(opened, snapshot, projectGrants.granted(snapshot.key().project()))));
  }

  /** The same database, with this content and these grants. Whoever uses it goes on. */
  private OpenEngine reopened(OpenEngine opened, PackageSnapshot snapshot, DuckDbGrants granted) {
    PackageKey key = snapshot.key();
    SharedFolder shared = opened.shared();
    opened
        .engine()
        .reopen(
            hardening(key, snapshot.folder(), shared, granted),
            plainNames.of(key, snapshot.folder()),
            snapshot.dataFiles());
    return new OpenEngine(opened.engine(), opened.carried(), snapshot.folder(), shared);
  }

  private Hardening hardening(
      PackageKey key, Path readable, @Nullable SharedFolder shared, DuckDbGrants granted) {
    Grants grants =
        projectGrants.of(
            granted,
            missing ->
                projectGrants.awaitMissing(
                    missing, () -> isOpenWith(key, missing), () -> isOpenedAgain(key, missing)));
    return new Hardening(readable, spill(key), settings, shared, grants);
  }

  private boolean isOpenWith(PackageKey key, Grants grants) {
    OpenEngine opened = open.get(key);
    return opened != null && opened.grants() == grants;
  }

  /** To have what couldn't be had before; not while its queries go on for long. */
  private boolean isOpenedAgain(PackageKey key, Grants grants) {
    OpenEngine known = open.get(key);
    if (known == null || !calls.call(() -> known.database().awaitIdle(Duration.ZERO))) {
      // Whoever waits for it to be idle holds up all that come meanwhile.
      return false;
    }
    try {
      calls.call(() ->
          open.computeIfPresent(
              key,
              (k, opened) -> {
                if (opened.grants() == grants) {
                  Hardening again =
                      hardening(k, opened.folder(), opened.shared(), grants.granted());
                  opened.engine().reopen(again);
                }
                return opened;
              }));
      return true;
    } catch (Fault busy) {
      log.info("{} does not have all that it is granted yet: {}", key, busy.detail());
      return false;
    }
  }

  private Path spill(PackageKey key) {
    return home.scratch("spill/" + key.project() + "/" + key.name());
  }

  @Override
  public boolean awaitIdle(PackageKey key, Duration patience) {
    OpenEngine opened = open.get(key);
    return opened == null || opened.database().awaitIdle(patience);
  }

  @Override
  public Map<PackageKey, List<Stuck>> stuck() {
    var stuck = new HashMap<PackageKey, List<Stuck>>();
    open.forEach((key, opened) -> {
      List<Stuck> found = opened.database().statements().stuck();
      if (!found.isEmpty()) {
        stuck.put(key, found);
      }
    });
    return stuck;
  }

  @Override
  public Set<PackageKey> files() {
    return home.databases(FILE);
  }

  @Override
  public Set<PackageKey> open() {
    return Set.copyOf(open.keySet());
  }

  @Override
  public void close(PackageKey key) {
    // One that is busy stays, so that whoever comes next finds it open instead of locked.
    calls.call(() ->
        open.computeIfPresent(
            key,
            (k, opened) -> {
              opened.close();
              return null;
            }));
  }

  @Override
  public void destroy() {
    long end = System.nanoTime() + END_PATIENCE.toNanos();
    open.values().forEach(opened -> opened.database().statements().endAll());
    open.forEach((key, opened) -> {
      try {
        opened.database().endAndClose(end);
        opened.carried().close();
      } catch (Fault busy) {
        log.warn("Package {} is left to the operating system: {}", key, busy.detail());
      }
    });
  }
}
