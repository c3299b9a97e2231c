package dev.ingot.startup;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.fault.StartupFailure;
import dev.ingot.materialization.ConnectionLifecycle;
import dev.ingot.materialization.PackageLifecycle;
import dev.ingot.materialization.StorageSwitch;
import dev.ingot.project.ConnectionKey;
import dev.ingot.project.ConnectionSettings;
import dev.ingot.project.MaterializationStorage;
import dev.ingot.project.PackageKey;
import dev.ingot.project.PackageLocation;
import dev.ingot.project.PackageRegistration;
import dev.ingot.project.Project;
import dev.ingot.project.ProjectConnection;
import dev.ingot.project.ProjectName;
import dev.ingot.project.ProjectOptions;
import dev.ingot.project.ProjectService;
import dev.ingot.sample.SampleProject;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Creates what isn't there, and changes what differs. */
@Component
class Registrar {

  private static final Logger log = LoggerFactory.getLogger(Registrar.class);

  private final ProjectService projects;
  private final PackageLifecycle packages;
  private final StorageSwitch storages;
  private final ConnectionLifecycle connections;
  private final SampleProject sample;

  Registrar(
      ProjectService projects,
      PackageLifecycle packages,
      StorageSwitch storages,
      ConnectionLifecycle connections,
      SampleProject sample) {
    this.projects = projects;
    this.packages = packages;
    this.storages = storages;
    this.connections = connections;
    this.sample = sample;
  }

  /**
   * @param storage of the one that the project has
   * @param options from those that the project has
   * @throws Fault as {@link ProjectService#create} and {@link StorageSwitch#change} do
   */
  void project(
      ProjectName name,
      Function<@Nullable MaterializationStorage, @Nullable MaterializationStorage> storage,
      UnaryOperator<ProjectOptions> options) {
    Optional<Project> found =
        projects.projects().stream().filter(project -> project.name().equals(name)).findFirst();
    MaterializationStorage known = found.map(Project::storage).orElse(null);
    MaterializationStorage wanted = storage.apply(known);
    ProjectOptions before = found.map(Project::options).orElse(ProjectOptions.NONE);
    ProjectOptions after = options.apply(before);
    if (found.isPresent() && !after.equals(before)) {
      // First: what follows may fail, and the packages that are there are served all the same.
      projects.change(name, after);
      log.info("Project {} binds {}, and has {}", name, after.givens().shown(), after.webhooks());
    }
    if (found.isEmpty()) {
      projects.create(name, wanted, after);
      log.info("Project {} is created{}", name, wanted == null ? "" : " at " + wanted.data());
    } else if (!Objects.equals(wanted, known)) {
      storages.change(name, wanted);
    }
  }

  /**
   * @throws Fault as {@link ConnectionLifecycle}
   */
  void connect(ConnectionKey key, ConnectionSettings wanted) {
    Optional<ProjectConnection> found = connections.find(key);
    if (found.isEmpty()) {
      connections.create(key, wanted);
      log.info("Connection {} is created with {}", key, wanted);
    } else if (!found.get().settings().equals(wanted)) {
      connections.change(key, known -> wanted, false);
      log.info("Connection {} has changed to {}", key, wanted);
    }
  }

  /**
   * @param description null keeps what is
   * @param strict null keeps what is
   * @throws Fault as {@link PackageLifecycle}
   */
  void register(
      PackageKey key, String location, @Nullable String description, @Nullable Boolean strict) {
    String folder = location.startsWith(PackageLocation.SAMPLE) ? unpack(location) : location;
    Optional<PackageRegistration> found =
        projects.packages(key.project()).stream()
            .filter(registration -> registration.key().equals(key))
            .findFirst();
    if (found.isEmpty()) {
      packages.register(key, folder, description, Boolean.TRUE.equals(strict), true);
      log.info("Package {} is registered with {}", key, folder);
    } else if (!projects.change(key, folder, description, strict).equals(found.get())) {
      packages.change(key, folder, description, strict);
      log.info("Package {} has changed, and lies in {}", key, folder);
    }
  }

  private String unpack(String location) {
    String name = location.substring(PackageLocation.SAMPLE.length());
    String known = SampleProject.KEY.name().value();
    if (!name.equals(known)) {
      throw new Fault(
          FaultCode.INVALID_LOCATION,
          "there is no sample '%s'; it is %s%s".formatted(name, PackageLocation.SAMPLE, known));
    }
    try {
      return sample.unpack().toString();
    } catch (StartupFailure e) {
      throw new Fault(FaultCode.INVALID_LOCATION, e.getMessage() + "; " + e.action(), e);
    }
  }
}
