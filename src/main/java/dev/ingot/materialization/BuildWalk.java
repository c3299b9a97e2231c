package dev.ingot.materialization;

import dev.ingot.engine.Cancellation;
import dev.ingot.fault.Fault;
import dev.ingot.fault.Problem;
import dev.ingot.manifest.Generation;
import dev.ingot.materialization.TargetBuilder.Outcome;
import dev.ingot.plan.PlannedTarget;
import dev.ingot.threads.Tasks;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The BUILD step of one run: every target that the plan builds, each the moment its last dependency
 * is done. A target that fails takes its dependants with it as SKIPPED; the others go on.
 */
final class BuildWalk {

  private final PlannedRun run;
  private final BuildQueue queue;
  private final TargetBuilder builder;
  private final RunReports reports;
  private final RunStop stop;
  private final Tasks tasks;
  private final Map<String, String> manifest;
  private final BlockingQueue<Done> finished = new LinkedBlockingQueue<>();
  private final Map<String, CompletableFuture<String>> compiled = new HashMap<>();
  private final Map<String, Generation> built = new LinkedHashMap<>();
  private final List<Problem> problems = new ArrayList<>();

  private record Done(PlannedTarget target, Outcome outcome) {}

  /**
   * What came of it.
   *
   * @param built by BuildID
   * @param problems why targets are missing among them
   * @param recorded that they are built; else none of them is to be used
   */
  record Result(Map<String, Generation> built, List<Problem> problems, boolean recorded) {

    Result {
      built = Map.copyOf(built);
      problems = List.copyOf(problems);
    }
  }

  BuildWalk(
      PlannedRun run,
      BuildQueue queue,
      TargetBuilder builder,
      RunReports reports,
      RunStop stop,
      Tasks tasks) {
    this.run = run;
    this.queue = queue;
    this.builder = builder;
    this.reports = reports;
    this.stop = stop;
    this.tasks = tasks;
    manifest = run.manifest();
  }

  /** Builds what the run intends; returns when nothing of it runs any more. Called once. */
  Result walk() throws InterruptedException {
    reports.begin();
    while (!queue.isEmpty()) {
      if (stop.why().isPresent()) {
        queue.clear();
      }
      for (PlannedTarget target : queue.start()) {
        start(target);
      }
      // While others are built, so that no place waits for the compiler.
      for (PlannedTarget target : queue.ahead()) {
        var _ = sql(target);
      }
      if (!queue.isEmpty()) {
        take(finished.take());
      }
    }
    stop.why().ifPresent(why -> reports.endOthers(TargetStatus.CANCELLED, why));
    boolean recorded = areRecorded();
    return new Result(built, problems, recorded);
  }

  private boolean areRecorded() {
    try {
      reports.flush();
      return true;
    } catch (Fault full) {
      problems.add(Problem.error(full.code().word(), full.detail()));
      return false;
    }
  }

  private CompletableFuture<String> sql(PlannedTarget target) {
    return compiled.computeIfAbsent(target.buildId(), id -> builder.compile(build(target)));
  }

  private TargetBuild build(PlannedTarget target) {
    return new TargetBuild(run.plan(), target, run.intended(target), manifest);
  }

  private void start(PlannedTarget target) {
    String unreachable = run.plan().unreachable().get(target.compiled().connectionName());
    if (unreachable != null) {
      finished.add(new Done(target, new Outcome.Failed(unreachable)));
      return;
    }
    CompletableFuture<String> sql = sql(target);
    Cancellation cancellation = stop.begin();
    tasks.start(
        "build-" + target.declared(),
        () -> {
          Outcome outcome =
              builder.build(
                  build(target),
                  sql,
                  run.run().options().selection().freshness(),
                  reports,
                  cancellation);
          stop.ended(cancellation);
          finished.add(new Done(target, outcome));
        });
  }

  private void take(Done done) {
    PlannedTarget target = done.target();
    switch (done.outcome()) {
      case Outcome.Built(Generation generation) -> {
        built.put(target.buildId(), generation);
        queue.built(target);
      }
      case Outcome.Cancelled(String why) -> {
        reports.change(target.buildId(), r -> r.ended(TargetStatus.CANCELLED, why));
        queue.failed(target);
      }
      case Outcome.Failed(String error) -> {
        problems.add(problem(target, error));
        reports.change(target.buildId(), r -> r.ended(TargetStatus.FAILED, error));
        for (PlannedTarget skipped : queue.failed(target)) {
          reports.change(
              skipped.buildId(),
              r -> r.ended(TargetStatus.SKIPPED, "%s failed".formatted(target.declared())));
        }
        if (run.run().options().failFast()) {
          giveUp("%s failed, and the run was to stop at that".formatted(target.declared()));
        }
      }
    }
  }

  /** What runs is cancelled, and what hasn't started never does. */
  private void giveUp(String why) {
    for (PlannedTarget skipped : queue.clear()) {
      reports.change(skipped.buildId(), r -> r.ended(TargetStatus.SKIPPED, why));
    }
    stop.cancelRunning(why);
  }

  private static Problem problem(PlannedTarget target, String error) {
    var source = target.compiled().sources().getFirst();
    return Problem.error(
        "build_failed",
        "Building %s failed: %s".formatted(target.declared(), error),
        source.model(),
        source.line(),
        source.column());
  }
}
