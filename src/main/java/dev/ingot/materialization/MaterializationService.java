package dev.ingot.materialization;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.project.PackageKey;
import dev.ingot.project.PackageName;
import dev.ingot.project.ProjectName;
import dev.ingot.project.ProjectService;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/** Creates, starts, watches and stops materializations. */
@Service
public class MaterializationService {

  private static final Logger log = LoggerFactory.getLogger(MaterializationService.class);

  private final ProjectService projects;
  private final MaterializationStore store;
  private final RunRecords records;
  private final RunExecutor executor;
  private final RunWaits waits;
  private final Clock clock;

  MaterializationService(
      ProjectService projects,
      MaterializationStore store,
      RunRecords records,
      RunExecutor executor,
      RunWaits waits,
      Clock clock) {
    this.projects = projects;
    this.store = store;
    this.records = records;
    this.executor = executor;
    this.waits = waits;
    this.clock = clock;
  }

  /** A page of runs, and whether there are others after it. */
  public record Page(List<Materialization> runs, boolean more) {}

  /**
   * Creates a PENDING one, whatever others are doing.
   *
   * @throws Fault PROJECT_NOT_FOUND, PACKAGE_NOT_FOUND
   */
  public Materialization create(PackageKey key, RunOptions options) {
    return create(key, options, NewRun.once());
  }

  /** The same, which may be tried again. */
  public Materialization create(PackageKey key, RunOptions options, NewRun id) {
    projects.find(key);
    return there(key, id)
        .orElseGet(() -> {
          var run = Materialization.pending(id.value(), key, options, clock.instant());
          store.insert(run);
          forgetIfGone(run);
          return run;
        });
  }

  /** What an earlier attempt has created. */
  private Optional<Materialization> there(PackageKey key, NewRun id) {
    return id.again() ? store.find(key, id.value()).map(records::seen) : Optional.empty();
  }

  /**
   * Creates one and starts it, or does neither.
   *
   * @throws Fault PROJECT_NOT_FOUND, PACKAGE_NOT_FOUND, ANOTHER_RUNNING
   */
  public Materialization createStarted(PackageKey key, RunOptions options, NewRun id) {
    projects.find(key);
    return there(key, id)
        .orElseGet(() -> {
          var pending = Materialization.pending(id.value(), key, options, clock.instant());
          Materialization run = granted(key, pending.id(), store.begin(pending));
          forgetIfGone(run);
          executor.execute(run);
          return run;
        });
  }

  /** A package that was removed meanwhile has taken its other runs with it. */
  private void forgetIfGone(Materialization run) {
    try {
      projects.find(run.key());
    } catch (Fault gone) {
      store.end(
          run.key(), run.id(), RunEnd.cancelled(run.status(), clock.instant(), gone.detail()));
      store.delete(run.key(), run.id());
      throw gone;
    }
  }

  /**
   * @throws Fault MATERIALIZATION_NOT_FOUND
   */
  public Materialization get(PackageKey key, String id) {
    return records.get(key, id);
  }

  /**
   * Waits until a run has ended, or for so long, or until this server stops. Who cancels it waits
   * no more.
   *
   * @return what is so then; fails with a {@link Fault} when the run is gone or can't be read
   */
  public CompletableFuture<Materialization> awaitEnd(PackageKey key, String id, Duration atMost) {
    return waits.end(key, id, atMost);
  }

  /**
   * The runs of a package.
   *
   * @throws Fault PROJECT_NOT_FOUND, PACKAGE_NOT_FOUND
   */
  public Page list(
      PackageKey key,
      RunQuery.Filter filter,
      RunQuery.@Nullable Position after,
      int limit,
      int offset) {
    projects.find(key);
    return page(new RunQuery(key.project(), List.of(key.name()), filter, after, limit + 1, offset));
  }

  /**
   * The runs of all packages of a project that are registered here.
   *
   * @throws Fault PROJECT_NOT_FOUND
   */
  public Page list(
      ProjectName project,
      RunQuery.Filter filter,
      RunQuery.@Nullable Position after,
      int limit,
      int offset) {
    List<PackageName> packages =
        projects.packages(project).stream().map(one -> one.key().name()).toList();
    return page(new RunQuery(project, packages, filter, after, limit + 1, offset));
  }

  /**
   * @param oneMore than the page has
   */
  private Page page(RunQuery oneMore) {
    List<Materialization> runs = store.list(oneMore);
    boolean more = runs.size() == oneMore.limit();
    List<Materialization> page = more ? runs.subList(0, runs.size() - 1) : runs;
    page.forEach(records::seen);
    return new Page(page, more);
  }

  /**
   * @throws Fault ILLEGAL_STATE when it isn't PENDING, ANOTHER_RUNNING, MATERIALIZATION_NOT_FOUND
   */
  public Materialization start(PackageKey key, String id) {
    projects.find(key);
    Materialization run = granted(key, id, store.claim(key, id, clock.instant()));
    executor.execute(run);
    return run;
  }

  private Materialization granted(PackageKey key, String id, Claim claim) {
    return switch (claim) {
      case Claim.Granted(Materialization run) -> run;
      case Claim.WrongState(MaterializationStatus status) -> {
        records.seen(key, id, status);
        throw new Fault(
            FaultCode.ILLEGAL_STATE,
            "Materialization %s is %s; only a PENDING one can be started: create another"
                .formatted(id, status));
      }
      case Claim.Busy(String other) ->
          throw new Fault(
              FaultCode.ANOTHER_RUNNING,
              "Materialization %s of %s is RUNNING: wait for it or stop it".formatted(other, key));
      case Claim.Unknown() -> throw RunRecords.unknown(key, id);
    };
  }

  /**
   * Cancels a PENDING or RUNNING one and returns at once; its statements end right after.
   *
   * @throws Fault ILLEGAL_STATE when it has ended already, MATERIALIZATION_NOT_FOUND
   */
  public Materialization stop(PackageKey key, String id) {
    Materialization run = get(key, id);
    MaterializationStatus status = run.status();
    while (status.mayBecome(MaterializationStatus.CANCELLED)) {
      if (store.end(key, id, RunEnd.cancelled(status, clock.instant(), "stopped on request"))) {
        executor.stop(id, "stopped on request");
        return get(key, id);
      }
      // It moved on between the two; what it is now decides.
      status = get(key, id).status();
    }
    throw new Fault(
        FaultCode.ILLEGAL_STATE,
        "Materialization %s is %s already and can't be stopped".formatted(id, status));
  }

  /** Stops what is RUNNING of a package; nothing when nothing is. */
  void stopRunning(PackageKey key) {
    store
        .list(key, MaterializationStatus.RUNNING, 1, 0)
        .forEach(run -> stopIfRunning(key, run.id()));
  }

  /** The same for what this server carries out; another's goes on. */
  void stopHere(PackageKey key) {
    executor.carriedOut(key).forEach(id -> stopIfRunning(key, id));
  }

  private void stopIfRunning(PackageKey key, String id) {
    try {
      stop(key, id);
    } catch (Fault ended) {
      // It was faster.
      log.debug("Nothing to stop: {}", ended.detail());
    }
  }

  /**
   * Deletes the record of an ended one; what it built stays.
   *
   * @throws Fault ILLEGAL_STATE while it hasn't ended, MATERIALIZATION_NOT_FOUND
   */
  public void delete(PackageKey key, String id) {
    Materialization run = get(key, id);
    if (!store.delete(key, id)) {
      throw new Fault(
          FaultCode.ILLEGAL_STATE,
          "Materialization %s is %s; stop it before you delete it".formatted(id, run.status()));
    }
  }

  /** Takes what is known of a package from the records. */
  void erase(PackageKey key) {
    store.erase(key, clock.instant());
  }
}
