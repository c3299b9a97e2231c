package dev.ingot.materialization;

import dev.ingot.engine.Engine;
import dev.ingot.engine.Engines;
import dev.ingot.engine.TableName;
import dev.ingot.fault.Fault;
import dev.ingot.manifest.DeclaredViews;
import dev.ingot.manifest.PackageContents;
import dev.ingot.manifest.PackageLoading;
import dev.ingot.manifest.PackageTurns;
import dev.ingot.manifest.ServedPackage;
import dev.ingot.manifest.Turn;
import dev.ingot.project.PackageKey;
import dev.ingot.project.PackageRegistration;
import dev.ingot.project.Project;
import dev.ingot.project.ProjectName;
import dev.ingot.project.ProjectService;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/**
 * Registers, moves and removes packages so that registration and what is served agree. The changes
 * of one project take turns; none is made while a run of the package is at work.
 */
@Service
public class PackageLifecycle {

  private static final Logger log = LoggerFactory.getLogger(PackageLifecycle.class);

  private final ProjectService projects;
  private final PackageContents contents;
  private final PackageLoading loading;
  private final DeclaredViews views;
  private final PackageTurns turns;
  private final MaterializationService runs;
  private final LeftBehind leftBehind;
  private final BetweenRuns between;
  private final ProjectChanges changes;

  PackageLifecycle(
      ProjectService projects,
      PackageContents contents,
      PackageLoading loading,
      DeclaredViews views,
      PackageTurns turns,
      MaterializationService runs,
      LeftBehind leftBehind,
      BetweenRuns between,
      ProjectChanges changes) {
    this.projects = projects;
    this.contents = contents;
    this.loading = loading;
    this.views = views;
    this.turns = turns;
    this.runs = runs;
    this.leftBehind = leftBehind;
    this.between = between;
    this.changes = changes;
  }

  /**
   * Registers a package whose folder can be read, and serves it.
   *
   * @param withTables false serves everything live until the manifest is reloaded
   * @throws Fault PROJECT_NOT_FOUND, INVALID_LOCATION, INVALID_PACKAGE, PACKAGE_EXISTS
   */
  public PackageRegistration register(
      PackageKey key,
      String location,
      @Nullable String description,
      boolean strict,
      boolean withTables) {
    return changes.make(
        key.project(),
        () ->
            takeTurn(
                key,
                turn -> {
                  PackageRegistration draft = projects.draft(key, location, description, strict);
                  contents.check(draft);
                  projects.insert(draft);
                  try {
                    ServedPackage now =
                        withTables ? loading.reload(key) : loading.serveWithoutTables(turn);
                    // Names that a deleted package of this name left behind stand for its data, not
                    // for this.
                    requireOwn(views.follow(turn, now.content()).behind());
                  } catch (Fault | Engine.EngineException e) {
                    projects.delete(key, false);
                    loading.unload(turn);
                    throw e;
                  }
                  return draft;
                }));
  }

  /** A database that lies elsewhere may answer later; then its views follow. */
  private static void requireOwn(Map<String, RuntimeException> behind) {
    RuntimeException own = behind.get(Engines.DUCKDB);
    if (own != null) {
      throw own;
    }
  }

  /** What others build meanwhile is not this server's folder. */
  private <T> T takeTurn(PackageKey key, Function<Turn, T> work) {
    return projects.project(key.project()).isShared()
        ? turns.takeSoon(key, work)
        : between.take(key, work);
  }

  /**
   * Moves a package or changes its description or strictness; null keeps what is.
   *
   * @throws Fault PACKAGE_NOT_FOUND, INVALID_LOCATION, INVALID_PACKAGE
   */
  public PackageRegistration change(
      PackageKey key,
      @Nullable String location,
      @Nullable String description,
      @Nullable Boolean strict) {
    return changes.make(
        key.project(),
        () -> {
          PackageRegistration before = projects.find(key);
          PackageRegistration changed = projects.change(key, location, description, strict);
          contents.check(changed);
          if (changed.folder().equals(before.folder())) {
            projects.update(changed);
            return changed;
          }
          return takeTurn(key, turn -> move(turn, before, changed));
        });
  }

  private PackageRegistration move(
      Turn turn, PackageRegistration before, PackageRegistration changed) {
    loading.move(turn, () -> projects.update(changed), () -> projects.update(before));
    return changed;
  }

  /**
   * Removes a package with its records and, if wanted, its tables; or, in a shared project whose
   * tables stay, only what this server has of it.
   *
   * @return what keeps its database open for now; empty when nothing is left of it
   * @throws Fault PACKAGE_NOT_FOUND, PACKAGE_BUSY
   */
  public Optional<String> remove(PackageKey key, Removal how) {
    PackageKey removed =
        changes.make(key.project(), () -> removeOne(projects.find(key).key(), how));
    return leftBehind.stillOpen(removed);
  }

  /**
   * Removes a project with its packages, each as {@link #remove(PackageKey, Removal)} does.
   *
   * @return what keeps databases of it open for now
   * @throws Fault PROJECT_NOT_FOUND, PACKAGE_BUSY when one of the packages has a RUNNING run; those
   *     that were removed before it are gone then; CONNECTION_IN_USE when tables couldn't be
   *     dropped that only the project's connections lead to
   */
  public List<String> remove(ProjectName name, Removal how) {
    List<PackageKey> removed =
        changes.make(
            name,
            () -> {
              List<PackageKey> keys =
                  projects.packages(name).stream().map(PackageRegistration::key).toList();
              if (!how.stop() && !how.leaves(projects.project(name))) {
                keys.forEach(key -> between.take(key, Turn::key));
              }
              keys.forEach(key -> removeOne(key, how));
              if (!how.leaves(projects.project(name))) {
                leftBehind.packages(name).forEach(key -> between.take(key, this::clear));
                leftBehind.requireNothingElsewhere(name);
              }
              projects.delete(name);
              return keys;
            });
    return removed.stream().flatMap(key -> leftBehind.stillOpen(key).stream()).toList();
  }

  private PackageKey removeOne(PackageKey key, Removal how) {
    Project project = projects.project(key.project());
    if (how.leaves(project)) {
      return leave(key, how);
    }
    if (how.stop()) {
      runs.stopRunning(key);
    }
    boolean drops = how.drops(project);
    return between.take(
        key,
        turn -> {
          Map<String, Set<TableName>> names = drops ? Map.of() : leftBehind.names(key);
          if (project.isShared()) {
            runs.erase(key);
          }
          projects.delete(key, !drops);
          loading.unload(turn);
          return drops ? clear(turn) : release(turn, names);
        });
  }

  private PackageKey clear(Turn turn) {
    return attempt(turn, () -> leftBehind.clear(turn));
  }

  private PackageKey release(Turn turn, Map<String, Set<TableName>> names) {
    return attempt(turn, () -> leftBehind.release(turn, names));
  }

  private static PackageKey attempt(Turn turn, Runnable work) {
    try {
      work.run();
    } catch (Engine.EngineException | Engine.ClosedException | Fault e) {
      // It is gone for everybody; what it left is on record, and the janitor comes again.
      log.warn("Package {} is removed, but not all of its tables: {}", turn.key(), e.getMessage());
    }
    return turn.key();
  }

  /** Works without the catalog, too: a server that can't reach it must be able to let go. */
  private PackageKey leave(PackageKey key, Removal how) {
    if (how.stop()) {
      runs.stopHere(key);
    }
    return turns.takeSoon(
        key,
        turn -> {
          projects.unregister(key);
          loading.unload(turn);
          try {
            leftBehind.leave(turn);
          } catch (Engine.EngineException | Fault e) {
            log.warn("Package {} is left, but not its local views: {}", key, e.getMessage());
          }
          return key;
        });
  }
}
