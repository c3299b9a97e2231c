package dev.ingot.materialization;

import dev.ingot.engine.PackageDatabases;
import dev.ingot.fault.Fault;
import dev.ingot.manifest.ManifestStore;
import dev.ingot.manifest.PackageTurns;
import dev.ingot.manifest.RetentionSettings;
import dev.ingot.manifest.ServedPackages;
import dev.ingot.manifest.Turn;
import dev.ingot.project.PackageKey;
import dev.ingot.project.Project;
import dev.ingot.project.ProjectName;
import dev.ingot.project.ProjectStore;
import dev.ingot.threads.Tasks;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * Sends the {@link Janitor} round all packages now and then, those too that are gone and have left
 * tables behind. A package that is busy is left for the next round; its run sweeps when it ends.
 */
@Component
class JanitorRounds implements DisposableBean {

  private static final Logger log = LoggerFactory.getLogger(JanitorRounds.class);

  private final Janitor janitor;
  private final PackageTurns turns;
  private final ManifestStore manifests;
  private final ProjectStore projects;
  private final ServedPackages served;
  private final LeftBehind leftBehind;
  private final PackageDatabases databases;
  private final RetentionSettings settings;
  private final Tasks tasks;
  private volatile Runnable end = () -> {};

  JanitorRounds(
      Janitor janitor,
      PackageTurns turns,
      ManifestStore manifests,
      ProjectStore projects,
      ServedPackages served,
      LeftBehind leftBehind,
      PackageDatabases databases,
      RetentionSettings settings,
      Tasks tasks) {
    this.janitor = janitor;
    this.turns = turns;
    this.manifests = manifests;
    this.projects = projects;
    this.served = served;
    this.leftBehind = leftBehind;
    this.databases = databases;
    this.settings = settings;
    this.tasks = tasks;
  }

  /**
   * Begins, with the first round after the interval. Databases of packages that are gone come at
   * once: what kept them open ended with the last process.
   */
  void begin() {
    tasks.start(
        "left-behind",
        () ->
            databases.files().stream()
                .filter(key -> projects.find(key).isEmpty())
                .forEach(this::clean));
    end = tasks.every(settings.interval(), "janitor", this::round);
  }

  /** One round. */
  void round() {
    var keys = new HashSet<>(manifests.packages());
    // One that a query held open when its package went.
    keys.addAll(databases.open());
    projects.projects().stream()
        .filter(Project::isShared)
        .forEach(project -> keys.addAll(shared(project.name())));
    keys.forEach(this::clean);
  }

  private void clean(PackageKey key) {
    try {
      var _ = turns.takeIfFree(key, this::sweep);
    } catch (Fault e) {
      log.warn("The janitor could not clean up {}; it comes again: {}", key, e.detail());
    } catch (RuntimeException e) {
      log.warn("The janitor could not clean up {}; it comes again", key, e);
    }
  }

  /** What other servers left too, whether it is registered here or not. */
  private Set<PackageKey> shared(ProjectName project) {
    var keys = new HashSet<PackageKey>();
    projects.packages(project).forEach(registration -> keys.add(registration.key()));
    try {
      keys.addAll(manifests.packages(project));
    } catch (Fault e) {
      log.debug("The packages of {} are not known now: {}", project, e.detail());
    }
    return keys;
  }

  private boolean sweep(Turn turn) {
    PackageKey key = turn.key();
    if (projects.find(key).isPresent()) {
      janitor.sweep(turn, served.get(key).content());
    } else if (projects.project(key.project()).filter(Project::isShared).isPresent()) {
      leftBehind.leave(turn);
      leftBehind.sweepTornDown(turn);
    } else {
      leftBehind.clear(turn);
    }
    return true;
  }

  @Override
  public void destroy() {
    end.run();
  }
}
