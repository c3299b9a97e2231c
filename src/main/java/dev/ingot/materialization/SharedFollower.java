package dev.ingot.materialization;

import dev.ingot.fault.Fault;
import dev.ingot.manifest.SharedServing;
import dev.ingot.project.LeaseSettings;
import dev.ingot.project.PackageKey;
import dev.ingot.project.ProjectName;
import dev.ingot.telemetry.Count;
import dev.ingot.telemetry.Telemetry;
import dev.ingot.threads.InOrder;
import dev.ingot.threads.Tasks;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * Does here what other servers' changes ask for: ends runs that were stopped elsewhere, records
 * those whose server is lost, and serves what was published, where that is wanted.
 */
@Component
class SharedFollower implements SharedChanges.Listener, DisposableBean {

  private static final Logger log = LoggerFactory.getLogger(SharedFollower.class);

  private final RunExecutor executor;
  private final MaterializationStore runs;
  private final SharedServing served;
  private final LeaseSettings settings;
  private final Tasks tasks;
  private final Clock clock;
  private final Telemetry telemetry;

  /**
   * What is to be done next and not begun yet: a heartbeat comes before it is done with the last.
   */
  private final Set<Object> queued = ConcurrentHashMap.newKeySet();

  /**
   * Loading a package takes long, and a heartbeat must not wait for it; nor must one project for
   * another's catalog.
   */
  private final ConcurrentHashMap<ProjectName, InOrder> workers = new ConcurrentHashMap<>();

  SharedFollower(
      SharedChanges changes,
      RunExecutor executor,
      MaterializationStore runs,
      SharedServing served,
      LeaseSettings settings,
      Tasks tasks,
      Clock clock,
      Telemetry telemetry) {
    this.executor = executor;
    this.runs = runs;
    this.served = served;
    this.settings = settings;
    this.tasks = tasks;
    this.clock = clock;
    this.telemetry = telemetry;
    changes.listen(this);
  }

  @Override
  public void ended(PackageKey key, String runId, String why) {
    executor.stop(runId, why);
  }

  @Override
  public void lost(PackageKey key, String runId) {
    // Later, because it may have to wait for others: a heartbeat that is late loses leases.
    later(
        key.project(),
        runId,
        () -> {
          if (runs.lose(key, runId, clock.instant())) {
            telemetry.count(Count.RUNS_LOST, 1);
            log.warn("Run {} of {} was lost with its server", runId, key);
          }
        });
  }

  @Override
  public void published(PackageKey key, long version) {
    if (settings.followManifest()) {
      later(key.project(), key, () -> served.follow(key, version));
    }
  }

  @Override
  public void answered(ProjectName project) {
    later(project, project, () -> served.report(project));
  }

  private void later(ProjectName project, Object what, Runnable work) {
    if (queued.add(what)) {
      worker(project)
          .then(() -> {
            queued.remove(what);
            try {
              work.run();
            } catch (Fault e) {
              log.warn("Project {}: {} does not follow yet: {}", project, what, e.detail());
            } catch (RuntimeException e) {
              log.error("Project {}: {} does not follow", project, what, e);
            }
          });
    }
  }

  private InOrder worker(ProjectName project) {
    return workers.computeIfAbsent(project, p -> new InOrder(tasks, "follower-" + p));
  }

  @Override
  public void destroy() {
    workers.values().forEach(InOrder::close);
  }
}
