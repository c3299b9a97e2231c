package dev.ingot.materialization;

import dev.ingot.engine.Engine;
import dev.ingot.fault.Fault;
import dev.ingot.fault.Problem;
import dev.ingot.manifest.DeclaredViews;
import dev.ingot.manifest.Generation;
import dev.ingot.manifest.LoadedPackage;
import dev.ingot.manifest.ManifestEntry;
import dev.ingot.manifest.ManifestStore;
import dev.ingot.manifest.ManifestVersion;
import dev.ingot.manifest.PackageLoader;
import dev.ingot.manifest.ServedPackage;
import dev.ingot.manifest.ServedPackages;
import dev.ingot.plan.Plan;
import dev.ingot.plan.Planner;
import dev.ingot.project.PackageKey;
import dev.ingot.project.ProjectService;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * Carries out a claimed run, from LOAD to its end.
 *
 * <ol>
 *   <li>LOAD: read the folder and the current version.
 *   <li>COMPILE and PLAN: a plan with an error ends the run FAILED, before any DDL.
 *   <li>Record every generation that will be built, then BUILD.
 *   <li>WRITE: prepare what will be served; one transaction publishes the version and moves the run
 *       to SUCCESS, unless it was stopped meanwhile; then the served package is swapped.
 *   <li>The declared names follow as views. A run that fails leaves what is served as it was.
 * </ol>
 */
@Component
class RunExecutor implements DisposableBean {

  private static final Logger log = LoggerFactory.getLogger(RunExecutor.class);
  private static final Duration CLEAN_UP = Duration.ofSeconds(5);

  private final ProjectService projects;
  private final PackageLoader loader;
  private final Planner planner;
  private final ServedPackages served;
  private final MaterializationStore runs;
  private final ManifestStore manifests;
  private final DeclaredViews views;
  private final TargetBuilder builder;
  private final BuildSettings settings;
  private final Clock clock;
  private final ConcurrentHashMap<String, Active> active = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<PackageKey, ReentrantLock> slots = new ConcurrentHashMap<>();

  private record Active(MaterializationRun run, Thread thread) {}

  RunExecutor(
      ProjectService projects,
      PackageLoader loader,
      Planner planner,
      ServedPackages served,
      MaterializationStore runs,
      ManifestStore manifests,
      DeclaredViews views,
      TargetBuilder builder,
      BuildSettings settings,
      Clock clock) {
    this.projects = projects;
    this.loader = loader;
    this.planner = planner;
    this.served = served;
    this.runs = runs;
    this.manifests = manifests;
    this.views = views;
    this.builder = builder;
    this.settings = settings;
    this.clock = clock;
  }

  /** Starts a run in the background. */
  void execute(Materialization claimed) {
    var run =
        new MaterializationRun(
            claimed, settings.slots(), builder, new RunReports(runs, claimed.id()));
    Thread thread =
        Thread.ofPlatform().daemon().name("run-" + claimed.id()).unstarted(() -> guarded(run));
    active.put(claimed.id(), new Active(run, thread));
    // A stop between the claim and this found nothing to end.
    boolean running =
        runs.find(claimed.key(), claimed.id())
            .filter(now -> now.status() == MaterializationStatus.RUNNING)
            .isPresent();
    if (!running) {
      run.stop("stopped before it began");
    }
    thread.start();
  }

  /** Ends the statements of a run that has ended in the records already. */
  void stop(String id, String why) {
    Active found = active.get(id);
    if (found != null) {
      found.run().stop(why);
    }
  }

  /**
   * The runs end with the server, in the records too, and clean up while their database is open.
   */
  @Override
  public void destroy() {
    String why = "the server was stopped";
    List<Active> last = List.copyOf(active.values());
    for (Active one : last) {
      fail(one.run().materialization(), why, List.of(Problem.error("server_stopped", why)));
      one.run().stop(why);
    }
    try {
      for (Active one : last) {
        if (!one.thread().join(CLEAN_UP)) {
          log.warn("Run {} is left as it is", one.run().materialization().id());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void guarded(MaterializationRun run) {
    Materialization claimed = run.materialization();
    // A stopped run may still be cleaning up when the next one of the package is started.
    ReentrantLock slot = slots.computeIfAbsent(claimed.key(), k -> new ReentrantLock());
    slot.lock();
    try {
      attempt(run);
    } catch (Fault e) {
      List<Problem> problems =
          e.problems().isEmpty()
              ? List.of(Problem.error(e.code().word(), e.detail()))
              : e.problems();
      fail(claimed, e.detail(), problems);
    } catch (Engine.EngineException e) {
      fail(claimed, e.detail(), List.of(Problem.error("connection_failed", e.detail())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail(claimed, "the server was stopped", List.of());
    } catch (RuntimeException e) {
      log.error("Run {} failed unexpectedly", claimed.id(), e);
      fail(claimed, "internal error: " + e, List.of(Problem.error("internal", e.toString())));
    } finally {
      dropUnfinished(run);
      active.remove(claimed.id());
      slot.unlock();
    }
  }

  private void attempt(MaterializationRun run) throws InterruptedException {
    Materialization claimed = run.materialization();
    LoadedPackage content = loader.load(projects.find(claimed.key()));
    Plan plan = planner.plan(content, claimed.forceRefresh());
    if (plan.refused()) {
      Problem first = plan.problems().stream().filter(Problem::isError).findFirst().orElseThrow();
      fail(claimed, first.text(), plan.problems());
      return;
    }
    manifests.intend(run.intend(plan));
    run.build(plan);
    if (run.stopped() != null) {
      return;
    }
    if (!run.problems().isEmpty()) {
      fail(claimed, run.problems().getFirst().text(), run.problems());
      return;
    }
    publish(run, plan);
  }

  private void publish(MaterializationRun run, Plan plan) {
    Materialization claimed = run.materialization();
    LoadedPackage content = plan.content();
    List<ManifestEntry> entries = run.entries(plan);
    boolean changed = plan.base().map(base -> !base.entries().equals(entries)).orElse(true);
    Instant at = now();
    long number = plan.base().map(ManifestVersion::number).orElse(0L) + (changed ? 1 : 0);
    ManifestVersion next =
        changed
            ? new ManifestVersion(claimed.key(), number, claimed.id(), at, entries)
            : plan.base().orElseThrow();
    ServedPackage prepared = new ServedPackage(content, next);
    var published = new AtomicReference<Optional<Long>>(Optional.empty());
    boolean done =
        served.publish(
            claimed.key(),
            () -> {
              published.set(runs.publish(claimed, changed ? entries : null, at, plan.problems()));
              return published.get().isPresent();
            },
            claimed.autoLoadManifest() ? prepared : null);
    if (done) {
      followViews(content, entries);
      log.info(
          "Run {} of {} {} version {}",
          claimed.id(),
          claimed.key(),
          changed ? "published" : "changed nothing of",
          number);
    }
  }

  /** Views are for people; what Ingot serves doesn't need them, so their failure is no run's. */
  private void followViews(LoadedPackage content, List<ManifestEntry> entries) {
    var connections = new HashSet<String>();
    content.connections().forEach(connection -> connections.add(connection.name()));
    entries.forEach(entry -> connections.add(entry.generation().connection()));
    for (String connection : connections) {
      try {
        views.follow(content, connection);
      } catch (Engine.EngineException | Fault e) {
        log.warn("The views on {} don't follow yet: {}", connection, e.getMessage());
      }
    }
  }

  private void fail(Materialization claimed, String error, List<Problem> problems) {
    boolean ended =
        runs.end(
            claimed.id(),
            MaterializationStatus.RUNNING,
            MaterializationStatus.FAILED,
            now(),
            error,
            problems);
    if (ended) {
      log.warn("Run {} of {} failed: {}", claimed.id(), claimed.key(), error);
    }
  }

  /**
   * What was intended and isn't in the records as built is dropped, whether or not a table came to
   * be. A drop that fails leaves the row, and the next start tries again.
   */
  private void dropUnfinished(MaterializationRun run) {
    for (Generation generation : run.unfinished()) {
      try {
        run.content().engine(generation.connection()).drop(generation.table());
        manifests.forget(generation.id());
      } catch (Engine.EngineException e) {
        log.warn("Table {} is left until the next start: {}", generation.table(), e.detail());
      }
    }
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }
}
