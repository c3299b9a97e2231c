package dev.ingot.materialization;

import dev.ingot.fault.Fault;
import dev.ingot.manifest.PackageLoader;
import dev.ingot.manifest.ServedPackages;
import dev.ingot.project.PackageKey;
import dev.ingot.project.PackageRegistration;
import dev.ingot.project.ProjectName;
import dev.ingot.project.ProjectService;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** Registers, moves and removes packages so that registration and what is served agree. */
@Service
public class PackageLifecycle {

  private final ProjectService projects;
  private final PackageLoader loader;
  private final ServedPackages served;
  private final RunExecutor runs;

  PackageLifecycle(
      ProjectService projects, PackageLoader loader, ServedPackages served, RunExecutor runs) {
    this.projects = projects;
    this.loader = loader;
    this.served = served;
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
    PackageRegistration draft = projects.draft(key, location, description);
    loader.check(draft);
    projects.insert(draft);
    if (withTables) {
      served.load(draft, true);
    } else {
      served.serveWithoutTables(draft);
    }
    return draft;
  }

  /**
   * Moves a package or changes its description; null keeps what is.
   *
   * @throws Fault PACKAGE_NOT_FOUND, INVALID_LOCATION, INVALID_PACKAGE
   */
  public PackageRegistration change(
      PackageKey key, @Nullable String location, @Nullable String description) {
    PackageRegistration before = projects.find(key);
    PackageRegistration changed = projects.change(key, location, description);
    loader.check(changed);
    projects.update(changed);
    if (!changed.folder().equals(before.folder())) {
      served.load(changed, true);
    }
    return changed;
  }

  /**
   * Removes a package and its records. Its tables stay in its database.
   *
   * @throws Fault PACKAGE_NOT_FOUND, PACKAGE_BUSY
   */
  public void remove(PackageKey key) {
    projects.delete(key);
    unload(key);
  }

  /**
   * Removes a project with its packages.
   *
   * @throws Fault PROJECT_NOT_FOUND, PACKAGE_BUSY
   */
  public void remove(ProjectName name) {
    var packages = projects.packages(name);
    projects.delete(name);
    packages.forEach(registration -> unload(registration.key()));
  }

  /** Only when a stopped run has dropped what it left may its database be closed. */
  private void unload(PackageKey key) {
    runs.awaitCleanUp(key);
    served.unload(key);
  }
}
