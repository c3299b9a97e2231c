package dev.ingot.state.catalog;

import dev.ingot.engine.duckdb.DuckDbExtensions;
import dev.ingot.engine.duckdb.Lake;
import dev.ingot.manifest.SharedManifests;
import dev.ingot.manifest.SharedWorkers;
import dev.ingot.materialization.SharedChanges;
import dev.ingot.project.BucketSettings;
import dev.ingot.project.CatalogHealth;
import dev.ingot.project.LeaseSettings;
import dev.ingot.project.MaterializationStorage;
import dev.ingot.project.PackageKey;
import dev.ingot.project.Project;
import dev.ingot.project.ProjectName;
import dev.ingot.project.WorkerIdentity;
import dev.ingot.state.ControlState;
import dev.ingot.state.ControlStates;
import dev.ingot.state.ProjectStorages;
import dev.ingot.state.file.LocalState;
import dev.ingot.state.lake.SharedLake;
import dev.ingot.telemetry.Level;
import dev.ingot.telemetry.Telemetry;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/** The catalogs of the shared projects that are registered here, each with a watch of its own. */
@Component
final class Catalogs
    implements ControlStates,
        Lake,
        SharedChanges,
        SharedManifests,
        SharedWorkers,
        CatalogHealth,
        DisposableBean {

  private final LocalState local;
  private final ProjectStorages storages;
  private final BucketSettings buckets;
  private final DuckDbExtensions extensions;
  private final WorkerIdentity worker;
  private final LeaseSettings settings;
  private final Telemetry telemetry;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final ConcurrentHashMap<ProjectName, Optional<Catalog>> catalogs =
      new ConcurrentHashMap<>();

  /** A project's catalog while it is attached. */
  private record Catalog(
      CatalogState state,
      CatalogWatch watch,
      ServingRows serving,
      WorkerRows workers,
      Runnable unwatched) {}

  Catalogs(
      LocalState local,
      ProjectStorages storages,
      BucketSettings buckets,
      DuckDbExtensions extensions,
      WorkerIdentity worker,
      LeaseSettings settings,
      Telemetry telemetry) {
    this.local = local;
    this.storages = storages;
    this.buckets = buckets;
    this.extensions = extensions;
    this.worker = worker;
    this.settings = settings;
    this.telemetry = telemetry;
    storages.onChange(this::detach);
  }

  @Override
  public ControlState of(ProjectName project) {
    return catalog(project).<ControlState>map(found -> found.state).orElse(local);
  }

  @Override
  public ControlState local() {
    return local;
  }

  private Optional<Catalog> catalog(ProjectName project) {
    Optional<Catalog> known = catalogs.get(project);
    return known != null
        ? known
        : catalogs.computeIfAbsent(project, p -> storages.storage(p).map(s -> attach(p, s)));
  }

  private Catalog attach(ProjectName project, MaterializationStorage storage) {
    var lake = new SharedLake(storage, buckets.access(storage), extensions, worker.sessions());
    var state = new CatalogState(project, storage, lake, worker, settings, telemetry.meters());
    var serving = new ServingRows(state, worker);
    var workers = new WorkerRows(state, serving, worker);
    var watch = new CatalogWatch(state, serving, workers, worker, settings, new All());
    Runnable unwatched =
        telemetry.watch(
            Level.CATALOG_SILENCE, watch, CatalogWatch::silenceInSeconds, project.value());
    return new Catalog(state, watch, serving, workers, unwatched);
  }

  /** Its project is gone or has another storage. */
  private void detach(ProjectName project) {
    Optional<Catalog> gone = catalogs.remove(project);
    if (gone != null) {
      gone.ifPresent(Catalogs::close);
    }
  }

  private static void close(Catalog catalog) {
    catalog.unwatched.run();
    catalog.watch.close();
    catalog.workers.leave();
    catalog.state.close();
  }

  @Override
  public void listen(Listener listener) {
    listeners.add(listener);
  }

  /** Passes on what a watch tells. */
  private final class All implements Listener {
    @Override
    public void ended(PackageKey key, String runId, String why) {
      listeners.forEach(listener -> listener.ended(key, runId, why));
    }

    @Override
    public void published(PackageKey key, long version) {
      listeners.forEach(listener -> listener.published(key, version));
    }

    @Override
    public void lost(PackageKey key, String runId) {
      listeners.forEach(listener -> listener.lost(key, runId));
    }

    @Override
    public void answered(ProjectName project) {
      listeners.forEach(listener -> listener.answered(project));
    }
  }

  @Override
  public void register(PackageKey key, Collection<TableFile> files) {
    catalog(key.project())
        .ifPresent(catalog -> catalog.state.changeLake(lake -> lake.register(key, files)));
  }

  @Override
  public void delete(PackageKey key, TableFile file) {
    catalog(key.project())
        .ifPresent(catalog -> catalog.state.changeLake(lake -> lake.delete(key, file)));
  }

  @Override
  public void serving(PackageKey key, Set<Long> versions, long answers) {
    catalog(key.project()).ifPresent(catalog -> catalog.serving.write(key, versions, answers));
  }

  @Override
  public long absences(PackageKey key) {
    // Without looking for it: whoever serves a package has used its catalog.
    Optional<Catalog> known = catalogs.get(key.project());
    return known == null ? 0 : known.map(catalog -> catalog.watch.absences()).orElse(0L);
  }

  @Override
  public List<Worker> workers(ProjectName project) {
    return catalog(project).map(catalog -> catalog.workers.workers()).orElse(List.of());
  }

  @Override
  public Optional<String> failure(Project project) {
    return catalog(project.name()).flatMap(catalog -> catalog.watch.failure());
  }

  @Override
  public void destroy() {
    catalogs.values().forEach(catalog -> catalog.ifPresent(Catalogs::close));
  }
}
