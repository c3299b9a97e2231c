package dev.ingot.materialization;

import dev.ingot.fault.Fault;
import dev.ingot.project.PackageKey;
import dev.ingot.project.ProjectName;
import dev.ingot.threads.Tasks;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Who waits for the ends of runs. A wait is an entry here and holds no thread.
 *
 * <ol>
 *   <li>What this server puts on record of a run is looked at, and all who wait for its end are
 *       told at once.
 *   <li>What others end is found by looking, a few times a second, at those runs alone that
 *       somebody waits for; each project by itself, as its catalog may be slow.
 *   <li>A server that stops tells everybody what is so then.
 * </ol>
 */
@Component
class RunWaits implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(RunWaits.class);

  /** Of the web server's graceful end, which waits for the requests behind these. */
  static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 1024;

  /** Between two looks at what other servers do. */
  static final Duration PAUSE = Duration.ofMillis(500);

  private final RunRecords records;
  private final MaterializationStore store;
  private final Tasks tasks;
  private final ConcurrentHashMap<Run, Set<Waiter>> waiting = new ConcurrentHashMap<>();
  private final Set<ProjectName> lookedAt = ConcurrentHashMap.newKeySet();
  private volatile Runnable endLooking = () -> {};
  private volatile boolean running;

  private record Run(PackageKey key, String id) {}

  /** One who waits. */
  private static final class Waiter {

    /** Empty when it isn't looked up yet what is so now. */
    private final CompletableFuture<Optional<Materialization>> told = new CompletableFuture<>();
  }

  RunWaits(RunRecords records, MaterializationStore store, Tasks tasks) {
    this.records = records;
    this.store = store;
    this.tasks = tasks;
    store.onChange((key, id) -> changed(new Run(key, id)));
  }

  /**
   * Waits until a run has ended, or for so long, or until this server stops. Who cancels it waits
   * no more.
   *
   * @return what is so then; fails with a {@link Fault} when the run is gone or can't be read
   */
  CompletableFuture<Materialization> end(PackageKey key, String id, Duration atMost) {
    var run = new Run(key, id);
    var waiter = new Waiter();
    waiting.compute(
        run,
        (it, others) -> {
          Set<Waiter> all = others == null ? ConcurrentHashMap.newKeySet() : others;
          all.add(waiter);
          return all;
        });
    CompletableFuture<Materialization> end =
        waiter
            .told
            .whenComplete((found, failure) -> forget(run, waiter))
            .thenCompose(found ->
                found
                    .map(CompletableFuture::completedFuture)
                    .orElseGet(() -> tasks.supply("wait-" + id, () -> records.get(key, id))));
    var _ = end.whenComplete((found, failure) -> waiter.told.cancel(false));
    // Looked at only now: an end before this was told to nobody.
    if (!running || hasEnded(run)) {
      waiter.told.complete(Optional.empty());
    } else {
      waiter.told.completeOnTimeout(Optional.empty(), atMost.toNanos(), TimeUnit.NANOSECONDS);
    }
    return end;
  }

  private void forget(Run run, Waiter waiter) {
    waiting.computeIfPresent(
        run,
        (it, all) -> {
          all.remove(waiter);
          return all.isEmpty() ? null : all;
        });
  }

  private void changed(Run run) {
    if (waiting.containsKey(run)) {
      tasks.start("changed-" + run.id(), () -> look(run));
    }
  }

  private void look(Run run) {
    if (hasEnded(run)) {
      tell(run);
    }
  }

  private void tell(Run run) {
    Set<Waiter> all = waiting.get(run);
    if (all == null) {
      return;
    }
    try {
      var found = Optional.of(records.get(run.key(), run.id()));
      all.forEach(waiter -> waiter.told.complete(found));
    } catch (RuntimeException e) {
      all.forEach(waiter -> waiter.told.completeExceptionally(e));
    }
  }

  private void look() {
    var projects = new HashSet<ProjectName>();
    waiting.keySet().forEach(run -> projects.add(run.key().project()));
    for (ProjectName project : projects) {
      if (lookedAt.add(project)) {
        tasks.start("waits-" + project, () -> look(project));
      }
    }
  }

  private void look(ProjectName project) {
    try {
      for (Run run : waiting.keySet()) {
        if (run.key().project().equals(project)) {
          look(run);
        }
      }
    } finally {
      lookedAt.remove(project);
    }
  }

  private boolean hasEnded(Run run) {
    try {
      return store.status(run.key(), run.id()).filter(status -> !status.isTerminal()).isEmpty();
    } catch (Fault e) {
      log.debug("It isn't known whether {} has ended: {}", run, e.detail());
      return false;
    }
  }

  /** How many wait. */
  int count() {
    return waiting.values().stream().mapToInt(Set::size).sum();
  }

  @Override
  public void start() {
    endLooking = tasks.every(PAUSE, "waits-of-runs", this::look);
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    endLooking.run();
    waiting.values().forEach(all -> all.forEach(waiter -> waiter.told.complete(Optional.empty())));
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }
}
