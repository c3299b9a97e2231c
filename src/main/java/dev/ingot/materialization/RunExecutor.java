package dev.ingot.materialization;

import dev.ingot.engine.Engine;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.fault.Problem;
import dev.ingot.manifest.PackageTurns;
import dev.ingot.manifest.Turn;
import dev.ingot.materialization.RunSteps.Planned;
import dev.ingot.project.PackageKey;
import dev.ingot.telemetry.Activity;
import dev.ingot.telemetry.Telemetry;
import dev.ingot.threads.Tasks;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Carries each claimed run out in the background, and sees that it ends in the records whatever
 * happens to it.
 */
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
  private final Tasks tasks;
  private final Clock clock;
  private final Telemetry telemetry;
  private final ConcurrentHashMap<String, Active> active = new ConcurrentHashMap<>();

  private final CountDownLatch closing = new CountDownLatch(1);

  /** A claimed run that is at work here, also while it only cleans up. */
  private record Active(Materialization run, RunStop stop, CountDownLatch ended) {}

  /** A part of a run. */
  private interface Part<T> {
    T carryOut() throws InterruptedException;
  }

  RunExecutor(
      MaterializationStore runs,
      RunSteps steps,
      PackageTurns turns,
      Tasks tasks,
      Clock clock,
      Telemetry telemetry) {
    this.runs = runs;
    this.steps = steps;
    this.turns = turns;
    this.tasks = tasks;
    this.clock = clock;
    this.telemetry = telemetry;
  }

  /** Starts a run in the background. */
  void execute(Materialization claimed) {
    var one = new Active(claimed, new RunStop(), new CountDownLatch(1));
    active.put(claimed.id(), one);
    // A stop between the claim and this found nothing to end.
    boolean running =
        runs.status(claimed.key(), claimed.id())
            .filter(now -> now == MaterializationStatus.RUNNING)
            .isPresent();
    if (!running) {
      one.stop().stop("stopped before it began");
    }
    tasks.start("run-" + claimed.id(), () -> guarded(one));
    if (closing.getCount() == 0) {
      // Claimed by one of the last requests, after all others were stopped.
      stop(one);
    }
  }

  /** The ids of a package's runs that are at work here; one that was stopped may still clean up. */
  Set<String> carriedOut(PackageKey key) {
    return active.values().stream()
        .map(Active::run)
        .filter(run -> run.key().equals(key))
        .map(Materialization::id)
        .collect(Collectors.toSet());
  }

  /** Ends the statements of a run that has ended in the records already. */
  void stop(String id, String why) {
    Active found = active.get(id);
    if (found != null) {
      found.stop().stop(why);
    }
  }

  /** The runs end with the server, in the records too, and clean up while it still can. */
  void stopAll(Duration patience) {
    closing.countDown();
    long end = System.nanoTime() + patience.toNanos();
    List<Active> last = List.copyOf(active.values());
    last.forEach(this::stop);
    try {
      for (Active one : last) {
        if (!one.ended().await(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS)) {
          log.warn("Run {} is left as it is", one.run().id());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void stop(Active one) {
    var _ = isRecorded(one.run(), RunOutcome.Failed.of("server_stopped", SERVER_STOPPED));
    one.stop().stop(SERVER_STOPPED);
  }

  private void guarded(Active one) {
    PackageKey key = one.run().key();
    try (Telemetry.Doing run = telemetry.begin(Activity.RUN, key).with("run", one.run().id())) {
      run.became(Telemetry.word(turns.take(key, turn -> carryOut(turn, one))));
    } finally {
      active.remove(one.run().id());
      one.ended().countDown();
    }
  }

  private RunOutcome carryOut(Turn turn, Active one) {
    Materialization claimed = one.run();
    return switch (attempt(
        claimed, () -> steps.plan(turn, claimed, one.stop()), Planned.Refused::new)) {
      case Planned.Refused(RunOutcome.Failed why) -> {
        if (!isRecorded(claimed, why)) {
          recordOnceThatIsPossible(claimed, why);
        }
        yield why;
      }
      case Planned.Ready planned -> {
        RunOutcome outcome =
            attempt(claimed, () -> steps.buildAndPublish(turn, planned, one.stop()), why -> why);
        boolean recorded = isRecorded(claimed, outcome);
        cleanUp(turn, planned.run());
        if (!recorded) {
          recordOnceThatIsPossible(claimed, outcome);
        }
        if (outcome instanceof RunOutcome.Failed) {
          settle(turn, claimed);
        }
        if (!recorded) {
          cleanUp(turn, planned.run());
        }
        reportWhatIsLate(planned);
        yield outcome;
      }
    };
  }

  /** Whatever happens in it, there is an answer. */
  private static <T> T attempt(
      Materialization claimed, Part<T> part, Function<RunOutcome.Failed, T> failed) {
    try {
      return part.carryOut();
    } catch (Fault e) {
      return failed.apply(
          e.problems().isEmpty()
              ? RunOutcome.Failed.of(e.code().word(), e.detail())
              : new RunOutcome.Failed(e.detail(), e.problems()));
    } catch (Engine.EngineException e) {
      return failed.apply(RunOutcome.Failed.of("connection_failed", e.detail()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return failed.apply(new RunOutcome.Failed(SERVER_STOPPED, List.of()));
    } catch (RuntimeException | Error e) {
      // Also what Java can't go on from, such as no more memory: else it would be RUNNING for ever.
      log.error("Run {} failed unexpectedly", claimed.id(), e);
      return failed.apply(
          new RunOutcome.Failed(
              "internal error: " + e, List.of(Problem.error("internal", e.toString()))));
    }
  }

  /** A run that can't be recorded as ended is RUNNING for everybody, so it stays until it can. */
  private void recordOnceThatIsPossible(Materialization run, RunOutcome outcome) {
    log.warn("Run {} waits to be recorded as ended", run.id());
    try {
      while (!closing.await(1, TimeUnit.SECONDS) && !isRecorded(run, outcome)) {
        // Tried again after the wait.
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void settle(Turn turn, Materialization run) {
    try {
      steps.settle(turn, run);
    } catch (RuntimeException e) {
      log.warn("Run {} is served when it is seen to be published", run.id(), e);
    }
  }

  private void cleanUp(Turn turn, PlannedRun run) {
    try {
      steps.cleanUp(turn, run);
    } catch (RuntimeException e) {
      // The rows are still there, and the janitor comes again.
      log.warn("Run {} could not clean up", run.run().id(), e);
    }
  }

  private static void reportWhatIsLate(Planned.Ready planned) {
    try {
      planned.reports().flush();
    } catch (RuntimeException e) {
      // Its end is on record, only its targets' last reports are not.
      log.warn("Run {} could not report its targets", planned.run().run().id(), e);
    }
  }

  /** False when the disk is too full to record it, or the catalog away. */
  private boolean isRecorded(Materialization run, RunOutcome outcome) {
    return switch (outcome) {
      case RunOutcome.Published(long version) -> {
        log.info("Run {} of {} published version {}", run.id(), run.key(), version);
        yield true;
      }
      case RunOutcome.Unchanged(long version) -> {
        log.info("Run {} of {} changed nothing of version {}", run.id(), run.key(), version);
        yield true;
      }
      // Who stopped it has recorded it.
      case RunOutcome.Stopped stopped -> true;
      case RunOutcome.Failed failed -> isRecorded(run, failed);
    };
  }

  private boolean isRecorded(Materialization run, RunOutcome.Failed failed) {
    try {
      boolean ended =
          runs.end(
              run.key(),
              run.id(),
              RunEnd.failed(clock.instant(), failed.error(), failed.problems()));
      if (ended) {
        log.warn("Run {} of {} failed: {}", run.id(), run.key(), failed.error());
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
