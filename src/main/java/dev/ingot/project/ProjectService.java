package dev.ingot.project;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/** Registers projects and packages. Loading and building them are other rooms' work. */
@Service
public class ProjectService {

  private static final Logger log = LoggerFactory.getLogger(ProjectService.class);

  private final ProjectStore store;
  private final PackageRoots roots;
  private final CatalogProbe catalogs;
  private final WebhookHosts hosts;
  private final Clock clock;

  ProjectService(
      ProjectStore store,
      PackageRoots roots,
      CatalogProbe catalogs,
      WebhookHosts hosts,
      Clock clock) {
    this.store = store;
    this.roots = roots;
    this.catalogs = catalogs;
    this.hosts = hosts;
    this.clock = clock;
  }

  public List<Project> projects() {
    return store.projects();
  }

  /** Those of all projects, for who needs nothing else of them. */
  public List<ProjectName> names() {
    return store.names();
  }

  /**
   * @throws Fault PROJECT_NOT_FOUND
   */
  public Project project(ProjectName name) {
    return store.project(name).orElseThrow(name::notFound);
  }

  /**
   * @throws Fault PROJECT_EXISTS
   */
  public Project create(ProjectName name) {
    return create(name, null).project();
  }

  /**
   * Creates a project; one with a storage only when its catalog can be used.
   *
   * @throws Fault PROJECT_EXISTS, CATALOG_UNAVAILABLE, INVALID_STORAGE
   */
  public StorageChange create(ProjectName name, @Nullable MaterializationStorage storage) {
    return create(name, storage, ProjectOptions.NONE);
  }

  /**
   * The same for one that has more.
   *
   * @throws Fault PROJECT_EXISTS, CATALOG_UNAVAILABLE, INVALID_STORAGE, INVALID_WEBHOOK
   */
  public StorageChange create(
      ProjectName name, @Nullable MaterializationStorage storage, ProjectOptions options) {
    options.webhooks().all().forEach(hosts::require);
    if (store.project(name).isPresent()) {
      throw exists(name);
    }
    List<String> warnings = storage == null ? List.of() : probe(name, storage);
    Project project = new Project(name, storage, options, clock.instant());
    if (!store.insert(project)) {
      throw exists(name);
    }
    return new StorageChange(project, warnings);
  }

  private static Fault exists(ProjectName name) {
    return new Fault(FaultCode.PROJECT_EXISTS, "Project '%s' exists already".formatted(name));
  }

  /** What a project has beside its storage; none where there is no such project. */
  public ProjectOptions options(ProjectName name) {
    return store.options(name);
  }

  /**
   * Changes what a project has beside its storage, from the next query and the next build on.
   *
   * @throws Fault PROJECT_NOT_FOUND, INVALID_WEBHOOK
   */
  public void change(ProjectName name, ProjectOptions options) {
    // One that was allowed before is no obstacle to what else is changed.
    List<Webhook> before = store.options(name).webhooks().all();
    options.webhooks().all().stream().filter(one -> !before.contains(one)).forEach(hosts::require);
    if (!store.change(name, options)) {
      throw name.notFound();
    }
  }

  /**
   * Gives a project another storage, without a look at what lies in the one that it leaves.
   *
   * @throws Fault PROJECT_NOT_FOUND, CATALOG_UNAVAILABLE, INVALID_STORAGE, PACKAGE_BUSY
   */
  public StorageChange changeStorage(ProjectName name, @Nullable MaterializationStorage storage) {
    Project changed = project(name).withStorage(storage);
    List<String> warnings = storage == null ? List.of() : probe(name, storage);
    update(changed);
    return new StorageChange(changed, warnings);
  }

  /**
   * Puts back a project as it was.
   *
   * @throws Fault PROJECT_NOT_FOUND, PACKAGE_BUSY
   */
  public void update(Project changed) {
    if (!store.update(changed)) {
      throw new Fault(
          FaultCode.PROJECT_NOT_FOUND, "Project '%s' is gone".formatted(changed.name()));
    }
  }

  private List<String> probe(ProjectName name, MaterializationStorage storage) {
    List<String> warnings = catalogs.probe(storage);
    warnings.forEach(warning -> log.warn("Project {}: {}", name, warning));
    return warnings;
  }

  /**
   * @throws Fault PROJECT_NOT_FOUND, PACKAGE_BUSY while it has packages
   */
  public void delete(ProjectName name) {
    project(name);
    store.delete(name);
  }

  /**
   * @throws Fault PROJECT_NOT_FOUND
   */
  public List<PackageRegistration> packages(ProjectName name) {
    project(name);
    return store.packages(name);
  }

  /**
   * @throws Fault PROJECT_NOT_FOUND, PACKAGE_NOT_FOUND
   */
  public PackageRegistration find(PackageKey key) {
    return store.find(key).orElseThrow(() -> missing(key));
  }

  private Fault missing(PackageKey key) {
    project(key.project());
    return new Fault(
        FaultCode.PACKAGE_NOT_FOUND,
        "Project '%s' has no package '%s'; GET /api/v0/projects/%s/packages lists them"
            .formatted(key.project(), key.name(), key.project()));
  }

  /**
   * A registration that isn't stored yet, so that the folder can be tried first.
   *
   * @throws Fault PROJECT_NOT_FOUND, INVALID_LOCATION
   */
  public PackageRegistration draft(
      PackageKey key, String location, @Nullable String description, boolean strict) {
    project(key.project());
    return new PackageRegistration(
        key, location, roots.resolve(location), description, strict, clock.instant());
  }

  /**
   * @throws Fault PACKAGE_EXISTS
   */
  public void insert(PackageRegistration draft) {
    if (!store.insert(draft)) {
      throw new Fault(
          FaultCode.PACKAGE_EXISTS,
          "Package '%s' exists already; PATCH it to move it".formatted(draft.key()));
    }
  }

  /**
   * The registration as it would be with these changes; null keeps what is.
   *
   * @throws Fault PACKAGE_NOT_FOUND, INVALID_LOCATION
   */
  public PackageRegistration change(
      PackageKey key,
      @Nullable String location,
      @Nullable String description,
      @Nullable Boolean strict) {
    PackageRegistration changed = find(key);
    if (strict != null) {
      changed = changed.withStrict(strict);
    }
    if (location != null) {
      changed = changed.withLocation(location, roots.resolve(location));
    }
    return description == null ? changed : changed.withDescription(description);
  }

  public void update(PackageRegistration changed) {
    requireThere(store.update(changed), changed);
  }

  /**
   * The registration with the folder that its location leads to now. It is another one when a link
   * was set to another.
   *
   * @throws Fault INVALID_LOCATION
   */
  public PackageRegistration followed(PackageRegistration known) {
    return known.withLocation(known.location(), roots.follow(known));
  }

  /** Stores {@link #followed}; also for the package's own run, which builds from there. */
  public void storeFollowed(PackageRegistration followed) {
    requireThere(store.updateFolder(followed), followed);
  }

  private static void requireThere(boolean there, PackageRegistration registration) {
    if (!there) {
      throw new Fault(
          FaultCode.PACKAGE_NOT_FOUND, "Package '%s' is gone".formatted(registration.key()));
    }
  }

  /**
   * Removes only the registration; the package's records and tables stay as they are.
   *
   * @throws Fault PACKAGE_NOT_FOUND
   */
  public void unregister(PackageKey key) {
    find(key);
    store.unregister(key);
  }

  /**
   * @param disown gives up its tables and views, too: nobody is going to drop them
   * @throws Fault PACKAGE_NOT_FOUND, PACKAGE_BUSY
   */
  public void delete(PackageKey key, boolean disown) {
    find(key);
    store.delete(key, disown);
  }
}
