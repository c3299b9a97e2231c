package dev.ingot.startup;

import dev.ingot.engine.Engine;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.materialization.ConnectionLifecycle;
import dev.ingot.materialization.PackageLifecycle;
import dev.ingot.materialization.StorageSwitch;
import dev.ingot.project.CatalogUrl;
import dev.ingot.project.ConnectionKey;
import dev.ingot.project.ConnectionSettings;
import dev.ingot.project.DataPath;
import dev.ingot.project.MaterializationStorage;
import dev.ingot.project.PackageKey;
import dev.ingot.project.PackageName;
import dev.ingot.project.PackageRegistration;
import dev.ingot.project.Project;
import dev.ingot.project.ProjectConnection;
import dev.ingot.project.ProjectName;
import dev.ingot.project.ProjectService;
import dev.ingot.sample.SampleProject;
import dev.ingot.startup.RegistrationSettings.ProjectSettings;
import dev.ingot.startup.RegistrationSettings.StorageSettings;
import dev.ingot.threads.Tasks;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Creates what the settings name and isn't there, and changes what differs. What is there and isn't
 * named stays. A project or package that can't be set up is logged and holds nothing else back; one
 * whose catalog doesn't answer is tried again until it does.
 */
@Component
public class Registrations {

  private static final Logger log = LoggerFactory.getLogger(Registrations.class);
  private static final String SAMPLE = "sample:";
  private static final Duration AGAIN = Duration.ofSeconds(5);

  private final RegistrationSettings settings;
  private final ProjectService projects;
  private final PackageLifecycle packages;
  private final StorageSwitch storages;
  private final ConnectionLifecycle connections;
  private final SampleProject sample;
  private final Tasks tasks;

  /** The projects whose catalog did not answer. */
  private final Set<String> waiting = ConcurrentHashMap.newKeySet();

  Registrations(
      RegistrationSettings settings,
      ProjectService projects,
      PackageLifecycle packages,
      StorageSwitch storages,
      ConnectionLifecycle connections,
      SampleProject sample,
      Tasks tasks) {
    this.settings = settings;
    this.projects = projects;
    this.packages = packages;
    this.storages = storages;
    this.connections = connections;
    this.sample = sample;
    this.tasks = tasks;
  }

  /**
   * Called once, before the first request is served.
   *
   * @return whether the settings name any project
   */
  public boolean apply() {
    settings.projects().forEach(this::apply);
    return !settings.projects().isEmpty();
  }

  private void applyAgain(String name) {
    ProjectSettings wanted = settings.projects().get(name);
    if (wanted != null && waiting.remove(name)) {
      apply(name, wanted);
    }
  }

  private void waitForCatalog(String name) {
    if (waiting.add(name)) {
      tasks.startAfter(AGAIN, "registrations", () -> applyAgain(name));
    }
  }

  private void apply(String name, ProjectSettings wanted) {
    String setting = "ingot.projects." + name;
    boolean there =
        attempt(
            name,
            "Project '%s'".formatted(name),
            setting,
            () -> project(new ProjectName(name), wanted.storage()));
    if (there) {
      // Before the packages, whose models name them.
      wanted
          .connections()
          .forEach((one, settings) ->
              attempt(
                  name,
                  "Connection '%s' of project '%s'".formatted(one, name),
                  setting + ".connections." + one,
                  () ->
                      connect(new ConnectionKey(new ProjectName(name), one), settings.settings())));
      wanted
          .packages()
          .forEach((one, location) ->
              attempt(
                  name,
                  "Package '%s' of project '%s'".formatted(one, name),
                  setting + ".packages." + one,
                  () ->
                      register(
                          new PackageKey(new ProjectName(name), new PackageName(one)), location)));
    }
  }

  private boolean attempt(String project, String what, String setting, Runnable work) {
    try {
      work.run();
      return true;
    } catch (Fault | Engine.EngineException e) {
      if (e instanceof Fault fault && fault.code() == FaultCode.CATALOG_UNAVAILABLE) {
        log.warn("{} waits for its catalog ({}): {}", what, setting, e.getMessage());
        waitForCatalog(project);
        return false;
      }
      log.error(
          "{} is not set up as {} says: {}. Mend it and start again, or set it up by the API",
          what,
          setting,
          e.getMessage());
      return false;
    }
  }

  private void project(ProjectName name, @Nullable StorageSettings wanted) {
    Optional<Project> found =
        projects.projects().stream().filter(project -> project.name().equals(name)).findFirst();
    MaterializationStorage known = found.map(Project::storage).orElse(null);
    MaterializationStorage storage = wanted == null ? known : storage(wanted, known);
    if (found.isEmpty()) {
      projects.create(name, storage);
      log.info("Project {} is created{}", name, storage == null ? "" : " at " + storage.data());
    } else if (storage != null && !storage.equals(known)) {
      storages.change(name, storage);
    }
  }

  /** The bucket's access is no setting of a project's: one that was given by the API stays. */
  private static MaterializationStorage storage(
      StorageSettings wanted, @Nullable MaterializationStorage known) {
    if (wanted.catalogUrl() == null || wanted.dataPath() == null) {
      throw new Fault(
          FaultCode.INVALID_STORAGE, "its storage needs both catalog-url and data-path");
    }
    return new MaterializationStorage(
        CatalogUrl.parse(wanted.catalogUrl(), known == null ? null : known.catalog()),
        new DataPath(wanted.dataPath()),
        known == null ? null : known.bucket());
  }

  private void connect(ConnectionKey key, ConnectionSettings wanted) {
    Optional<ProjectConnection> found = connections.find(key);
    if (found.isEmpty()) {
      connections.create(key, wanted);
      log.info("Connection {} is created with {}", key, wanted);
    } else if (!found.get().settings().equals(wanted)) {
      connections.change(key, known -> wanted, false);
      log.info("Connection {} has changed to {}", key, wanted);
    }
  }

  private void register(PackageKey key, String location) {
    String folder = location.startsWith(SAMPLE) ? unpack(location) : location;
    Optional<PackageRegistration> found =
        projects.packages(key.project()).stream()
            .filter(registration -> registration.key().equals(key))
            .findFirst();
    if (found.isEmpty()) {
      packages.register(key, folder, null, false, true);
      log.info("Package {} is registered with {}", key, folder);
    } else if (!projects.change(key, folder, null, null).equals(found.get())) {
      packages.change(key, folder, null, null);
      log.info("Package {} has moved to {}", key, folder);
    }
  }

  private String unpack(String location) {
    String name = location.substring(SAMPLE.length());
    String known = SampleProject.KEY.name().value();
    if (!name.equals(known)) {
      throw new Fault(
          FaultCode.INVALID_LOCATION,
          "there is no sample '%s'; it is %s%s".formatted(name, SAMPLE, known));
    }
    return sample.unpack().toString();
  }
}
