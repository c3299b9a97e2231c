package dev.ingot.materialization;

import dev.ingot.engine.Engine;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.fault.Problem;
import dev.ingot.project.PackageKey;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Gives each claimed run a thread, and sees that it ends in the records whatever happens to it. */
@Component
class RunExecutor {

  private static final Logger log = LoggerFactory.getLogger(RunExecutor.class);

  /** What goes by, and the same can be written then. */
  private static final Set<FaultCode> LATER =
      Set.of(FaultCode.STORAGE_FULL, FaultCode.CATALOG_UNAVAILABLE);

  private static final String SERVER_STOPPED = "the server was stopped";

  private final MaterializationStore runs;
  private final RunSteps steps;
  private final PackageTurns turns;
  private final Clock clock;
  private final ConcurrentHashMap<String, Active> active = new ConcurrentHashMap<>();

  private final CountDownLatch closing = new CountDownLatch(1);

  private record Active(MaterializationRun run, Thread thread) {}

  /** How a run failed. */
  private record Failure(String error, List<Problem> problems) {

    static Failure of(String code, String error) {
      return new Failure(error, List.of(Problem.error(code, error)));
    }
  }

  RunExecutor(MaterializationStore runs, RunSteps steps, PackageTurns turns, Clock clock) {
    this.runs = runs;
    this.steps = steps;
    this.turns = turns;
    this.clock = clock;
  }

  /** Starts a run in the background. */
  void execute(Materialization claimed) {
    MaterializationRun run = steps.begin(claimed);
    Thread thread =
        Thread.ofPlatform().daemon().name("run-" + claimed.id()).unstarted(() -> guarded(run));
    active.put(claimed.id(), new Active(run, thread));
    // A stop between the claim and this found nothing to end.
    boolean running =
        runs.status(claimed.key(), claimed.id())
            .filter(now -> now == MaterializationStatus.RUNNING)
            .isPresent();
    if (!running) {
      run.stop("stopped before it began");
    }
    thread.start();
    if (closing.getCount() == 0) {
      // Claimed by one of the last requests, after all others were stopped.
      stop(run);
    }
  }

  /** The ids of a package's runs that are at work here; one that was stopped may still clean up. */
  Set<String> carriedOut(PackageKey key) {
    return active.values().stream()
        .map(one -> one.run().materialization())
        .filter(run -> run.key().equals(key))
        .map(Materialization::id)
        .collect(Collectors.toSet());
  }

  /** Ends the statements of a run that has ended in the records already. */
  void stop(String id, String why) {
    Active found = active.get(id);
    if (found != null) {
      found.run().stop(why);
    }
  }

  /** The runs end with the server, in the records too, and clean up while it still can. */
  void stopAll(Duration patience) {
    closing.countDown();
    long end = System.nanoTime() + patience.toNanos();
    List<Active> last = List.copyOf(active.values());
    last.forEach(one -> stop(one.run()));
    try {
      for (Active one : last) {
        Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
        if (!one.thread().join(left)) {
          log.warn("Run {} is left as it is", one.run().materialization().id());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void stop(MaterializationRun run) {
    var _ = isRecorded(run, Failure.of("server_stopped", SERVER_STOPPED));
    run.stop(SERVER_STOPPED);
  }

  private void guarded(MaterializationRun run) {
    Materialization claimed = run.materialization();
    turns.take(
        claimed.key(),
        () -> {
          Optional<Failure> failure = carryOut(run);
          boolean recorded = failure.isEmpty() || isRecorded(run, failure.get());
          cleanUp(run);
          if (!recorded) {
            recordOnceThatIsPossible(run, failure.get());
            serveIfPublished(run);
            cleanUp(run);
          }
          reportWhatIsLate(run);
          active.remove(claimed.id());
        });
  }

  /** Empty when it was published, or stopped. */
  private Optional<Failure> carryOut(MaterializationRun run) {
    try {
      List<Problem> against = steps.carryOut(run);
      return against.stream()
          .filter(Problem::isError)
          .findFirst()
          .map(first -> new Failure(first.text(), against));
    } catch (Fault e) {
      return Optional.of(
          e.problems().isEmpty()
              ? Failure.of(e.code().word(), e.detail())
              : new Failure(e.detail(), e.problems()));
    } catch (Engine.EngineException e) {
      return Optional.of(Failure.of("connection_failed", e.detail()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of(new Failure(SERVER_STOPPED, List.of()));
    } catch (RuntimeException | Error e) {
      // Also what Java can't go on from, such as no more threads: else it would be RUNNING for
      // ever.
      log.error("Run {} failed unexpectedly", run.materialization().id(), e);
      return Optional.of(
          new Failure("internal error: " + e, List.of(Problem.error("internal", e.toString()))));
    }
  }

  /** A run that can't be recorded as ended is RUNNING for everybody, so it stays until it can. */
  private void recordOnceThatIsPossible(MaterializationRun run, Failure failure) {
    log.warn("Run {} waits to be recorded as ended", run.materialization().id());
    try {
      while (!closing.await(1, TimeUnit.SECONDS) && !isRecorded(run, failure)) {
        // Tried again after the wait.
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void serveIfPublished(MaterializationRun run) {
    try {
      steps.serveIfPublished(run);
    } catch (RuntimeException e) {
      log.warn("Run {} is not served; reload its manifest", run.materialization().id(), e);
    }
  }

  private void cleanUp(MaterializationRun run) {
    try {
      steps.cleanUp(run);
    } catch (RuntimeException e) {
      // The rows are still there, and the janitor comes again.
      log.warn("Run {} could not clean up", run.materialization().id(), e);
    }
  }

  private static void reportWhatIsLate(MaterializationRun run) {
    try {
      run.reportWhatIsLate();
    } catch (RuntimeException e) {
      // Its end is on record, only its targets' last reports are not.
      log.warn("Run {} could not report its targets", run.materialization().id(), e);
    }
  }

  /** False when the disk is too full to record it, or the catalog away. */
  private boolean isRecorded(MaterializationRun run, Failure failure) {
    Materialization claimed = run.materialization();
    try {
      boolean ended =
          runs.end(
              claimed.key(),
              claimed.id(),
              MaterializationStatus.RUNNING,
              MaterializationStatus.FAILED,
              clock.instant(),
              failure.error(),
              failure.problems());
      if (ended) {
        log.warn("Run {} of {} failed: {}", claimed.id(), claimed.key(), failure.error());
      }
      return true;
    } catch (Fault e) {
      if (!LATER.contains(e.code())) {
        throw e;
      }
      return false;
    }
  }
}
