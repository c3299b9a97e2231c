package dev.ingot.materialization;

import dev.ingot.engine.Engine;
import dev.ingot.fault.Fault;
import dev.ingot.manifest.DeclaredViews;
import dev.ingot.manifest.PackageLoader;
import dev.ingot.manifest.ServedPackage;
import dev.ingot.manifest.ServedPackages;
import dev.ingot.project.PackageKey;
import dev.ingot.project.PackageRegistration;
import dev.ingot.project.ProjectName;
import dev.ingot.project.ProjectService;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/**
 * Registers, moves and removes packages so that registration and what is served agree. The changes
 * of one project take turns; none is made while a run of the package is at work.
 */
@Service
public class PackageLifecycle {

  private final ProjectService projects;
  private final PackageLoader loader;
  private final ServedPackages served;
  private final DeclaredViews views;
  private final RunExecutor runs;
  private final ConcurrentHashMap<ProjectName, ReentrantLock> turns = new ConcurrentHashMap<>();

  PackageLifecycle(
      ProjectService projects,
      PackageLoader loader,
      ServedPackages served,
      DeclaredViews views,
      RunExecutor runs) {
    this.projects = projects;
    this.loader = loader;
    this.served = served;
    this.views = views;
    this.runs = runs;
  }

  /**
   * Registers a package whose folder can be read, and serves it.
   *
   * @param withTables false serves everything live until the manifest is reloaded
   * @throws Fault PROJECT_NOT_FOUND, INVALID_LOCATION, INVALID_PACKAGE, PACKAGE_EXISTS
   */
  public PackageRegistration register(
      PackageKey key, String location, @Nullable String description, boolean withTables) {
    return inTurn(
        key.project(),
        () ->
            runs.between(
                key,
                () -> {
                  PackageRegistration draft = projects.draft(key, location, description);
                  loader.check(draft);
                  projects.insert(draft);
                  try {
                    ServedPackage now =
                        withTables ? served.load(key, true) : served.serveWithoutTables(key);
                    // Names that a deleted package of this name left behind stand for its data, not
                    // for this.
                    views.follow(now.content());
                  } catch (Fault | Engine.EngineException e) {
                    remove(draft);
                    throw e;
                  }
                  return draft;
                }));
  }

  /**
   * Moves a package or changes its description; null keeps what is.
   *
   * @throws Fault PACKAGE_NOT_FOUND, INVALID_LOCATION, INVALID_PACKAGE
   */
  public PackageRegistration change(
      PackageKey key, @Nullable String location, @Nullable String description) {
    return inTurn(
        key.project(),
        () -> {
          PackageRegistration before = projects.find(key);
          PackageRegistration changed = projects.change(key, location, description);
          loader.check(changed);
          if (changed.folder().equals(before.folder())) {
            projects.update(changed);
            return changed;
          }
          return runs.between(key, () -> move(before, changed));
        });
  }

  private PackageRegistration move(PackageRegistration before, PackageRegistration changed) {
    projects.update(changed);
    try {
      served.load(changed.key(), true);
    } catch (Fault e) {
      // What is served still lies there; a registration that says otherwise would be a lie.
      projects.update(before);
      throw e;
    }
    return changed;
  }

  /**
   * Removes a package and its records. Its tables stay in its database.
   *
   * @throws Fault PACKAGE_NOT_FOUND, PACKAGE_BUSY
   */
  public void remove(PackageKey key) {
    inTurn(key.project(), () -> runs.between(key, () -> remove(projects.find(key))));
  }

  private PackageRegistration remove(PackageRegistration registration) {
    projects.delete(registration.key());
    served.unload(registration.key());
    return registration;
  }

  /**
   * Removes a project with its packages.
   *
   * @throws Fault PROJECT_NOT_FOUND, PACKAGE_BUSY
   */
  public void remove(ProjectName name) {
    inTurn(
        name,
        () -> {
          var packages = projects.packages(name);
          packages.forEach(registration -> runs.between(registration.key(), () -> true));
          projects.delete(name);
          packages.forEach(registration -> served.unload(registration.key()));
          return packages;
        });
  }

  private <T> T inTurn(ProjectName project, Supplier<T> change) {
    ReentrantLock turn = turns.computeIfAbsent(project, p -> new ReentrantLock());
    turn.lock();
    try {
      return change.get();
    } finally {
      turn.unlock();
    }
  }
}
