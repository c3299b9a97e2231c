package dev.ingot.materialization;

import dev.ingot.engine.Engine;
import dev.ingot.fault.Fault;
import dev.ingot.fault.Problem;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/** Gives each claimed run a thread, and sees that it ends in the records whatever happens to it. */
@Component
class RunExecutor implements DisposableBean {

  private static final Logger log = LoggerFactory.getLogger(RunExecutor.class);
  private static final Duration CLEAN_UP = Duration.ofSeconds(5);

  private final MaterializationStore runs;
  private final RunSteps steps;
  private final PackageTurns turns;
  private final Clock clock;
  private final ConcurrentHashMap<String, Active> active = new ConcurrentHashMap<>();

  private record Active(MaterializationRun run, Thread thread) {}

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
    turns.take(
        claimed.key(),
        () -> {
          try {
            carryOut(run);
          } finally {
            cleanUp(run);
            active.remove(claimed.id());
          }
        });
  }

  private void carryOut(MaterializationRun run) {
    Materialization claimed = run.materialization();
    try {
      List<Problem> against = steps.carryOut(run);
      if (!against.isEmpty()) {
        Problem first = against.stream().filter(Problem::isError).findFirst().orElseThrow();
        fail(claimed, first.text(), against);
      }
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
    } catch (RuntimeException | Error e) {
      // Also what Java can't go on from, such as no more threads: else it would be RUNNING for
      // ever.
      log.error("Run {} failed unexpectedly", claimed.id(), e);
      fail(claimed, "internal error: " + e, List.of(Problem.error("internal", e.toString())));
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

  private void fail(Materialization claimed, String error, List<Problem> problems) {
    boolean ended =
        runs.end(
            claimed.id(),
            MaterializationStatus.RUNNING,
            MaterializationStatus.FAILED,
            clock.instant(),
            error,
            problems);
    if (ended) {
      log.warn("Run {} of {} failed: {}", claimed.id(), claimed.key(), error);
    }
  }
}
