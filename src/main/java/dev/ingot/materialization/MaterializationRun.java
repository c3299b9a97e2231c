package dev.ingot.materialization;

import dev.ingot.engine.Cancellation;
import dev.ingot.fault.Fault;
import dev.ingot.fault.Problem;
import dev.ingot.manifest.Generation;
import dev.ingot.manifest.LoadedPackage;
import dev.ingot.manifest.ManifestEntry;
import dev.ingot.materialization.TargetBuilder.Outcome;
import dev.ingot.plan.Plan;
import dev.ingot.plan.PlannedTarget;
import dev.ingot.plan.PlannedTarget.Action;
import dev.ingot.plan.Reason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * The BUILD step of one run: every target that the plan builds, each the moment its last dependency
 * is done. A target that fails takes its dependants with it as SKIPPED; the others go on.
 */
final class MaterializationRun {

  private final Materialization run;
  private final int slots;
  private final TargetBuilder builder;
  private final RunReports reports;
  private final Set<Cancellation> active = ConcurrentHashMap.newKeySet();
  private final BlockingQueue<Done> finished = new LinkedBlockingQueue<>();
  private final Map<String, Generation> generations = new LinkedHashMap<>();
  private final Map<String, Generation> intended = new LinkedHashMap<>();
  private final Map<String, CompletableFuture<String>> compiled = new HashMap<>();
  private final List<Problem> problems = new ArrayList<>();
  private List<Generation> made = List.of();
  private @Nullable LoadedPackage content;
  private volatile @Nullable String stopped;

  private record Done(PlannedTarget target, Outcome outcome) {}

  MaterializationRun(Materialization run, int slots, TargetBuilder builder, RunReports reports) {
    this.run = run;
    this.slots = slots;
    this.builder = builder;
    this.reports = reports;
  }

  Materialization materialization() {
    return run;
  }

  /** Ends what runs on the engines; what hasn't started never does. */
  void stop(String why) {
    stopped = why;
    active.forEach(cancellation -> cancellation.cancel(why));
  }

  @Nullable String stopped() {
    return stopped;
  }

  /** The generations that this plan is about to build, not yet recorded anywhere. */
  List<Generation> intend(Plan plan) {
    content = plan.content();
    for (PlannedTarget target : plan.targets()) {
      switch (target.action()) {
        case Action.Reuse(Generation generation, Reason reason) ->
            generations.put(target.buildId(), generation);
        case Action.Build(Reason reason, var replaces) -> {
          Generation generation = generation(plan, target);
          generations.put(target.buildId(), generation);
          intended.put(target.buildId(), generation);
        }
        case Action.Leave leave -> {}
      }
    }
    made = List.copyOf(intended.values());
    return made;
  }

  private Generation generation(Plan plan, PlannedTarget target) {
    String id = UUID.randomUUID().toString();
    String suffix = id.replace("-", "").substring(0, 12);
    var inputs = new HashSet<String>();
    for (String dependency : target.compiled().dependsOn()) {
      Generation input = generations.get(dependency);
      if (input != null) {
        inputs.add(input.id());
      }
    }
    String connection = target.compiled().connectionName();
    return new Generation(
        id,
        run.key(),
        target.buildId(),
        connection,
        target.declared(),
        plan.content().engine(connection).generationName(target.declared(), suffix),
        run.id(),
        inputs,
        plan.content().origin(),
        target.compiled().sql(),
        null,
        0);
  }

  /** Builds what was intended; returns when nothing of it runs any more. */
  void build(Plan plan) throws InterruptedException {
    reports.begin(plan.targets(), intended);
    // Names are given before tables are made, so what a target reads is known from the start.
    var manifest = new LinkedHashMap<String, String>();
    generations.forEach((buildId, generation) -> manifest.put(buildId, generation.table().sql()));
    var queue =
        new BuildQueue(
            plan.targets().stream().filter(t -> t.action() instanceof Action.Build).toList(),
            slots);
    while (!queue.isEmpty()) {
      if (stopped != null) {
        queue.clear();
      }
      for (PlannedTarget target : queue.start()) {
        start(plan, target, sql(plan, target, manifest));
      }
      // While others are built, so that no place waits for the compiler.
      for (PlannedTarget target : queue.ahead()) {
        var _ = sql(plan, target, manifest);
      }
      if (!queue.isEmpty()) {
        take(finished.take(), queue);
      }
    }
    if (stopped != null) {
      reports.endOthers(TargetStatus.CANCELLED, stopped);
    }
    flushReports();
  }

  private void flushReports() {
    try {
      reports.flush();
    } catch (Fault full) {
      problems.add(Problem.error(full.code().word(), full.detail()));
    }
  }

  private CompletableFuture<String> sql(
      Plan plan, PlannedTarget target, Map<String, String> manifest) {
    return compiled.computeIfAbsent(
        target.buildId(), id -> builder.compile(plan.content(), target, manifest));
  }

  private void start(Plan plan, PlannedTarget target, CompletableFuture<String> sql) {
    Generation generation = intended.get(target.buildId());
    if (generation == null) {
      throw new IllegalStateException("not intended: " + target.declared());
    }
    var cancellation = new Cancellation();
    active.add(cancellation);
    String why = stopped;
    if (why != null) {
      // The stop may have come before this one was among the active.
      cancellation.cancel(why);
    }
    Thread.ofPlatform()
        .daemon()
        .name("build-" + target.declared())
        .start(() -> {
          Outcome outcome =
              builder.build(plan.content(), target, generation, sql, reports, cancellation);
          active.remove(cancellation);
          finished.add(new Done(target, outcome));
        });
  }

  private void take(Done done, BuildQueue queue) {
    PlannedTarget target = done.target();
    switch (done.outcome()) {
      case Outcome.Built(Generation built) -> {
        generations.put(target.buildId(), built);
        intended.remove(target.buildId());
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
        if (run.options().failFast()) {
          giveUp(queue, "%s failed, and the run was to stop at that".formatted(target.declared()));
        }
      }
    }
  }

  /** What runs is cancelled, and what hasn't started never does. */
  private void giveUp(BuildQueue queue, String why) {
    for (PlannedTarget skipped : queue.clear()) {
      reports.change(skipped.buildId(), r -> r.ended(TargetStatus.SKIPPED, why));
    }
    active.forEach(cancellation -> cancellation.cancel(why));
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

  /** Writes the reports that a full disk kept from the records. */
  void reportWhatIsLate() {
    reports.flush();
  }

  /** The content that {@link #intend} was given; empty before. */
  Optional<LoadedPackage> content() {
    return Optional.ofNullable(content);
  }

  /** The generations that {@link #intend} gave, built or not. */
  List<Generation> made() {
    return made;
  }

  List<Problem> problems() {
    return List.copyOf(problems);
  }

  /** The next version's entries. */
  List<ManifestEntry> entries(Plan plan) {
    var entries = new ArrayList<ManifestEntry>(plan.carried());
    for (PlannedTarget target : plan.targets()) {
      if (target.action() instanceof Action.Leave) {
        continue;
      }
      Generation generation = generations.get(target.buildId());
      if (generation == null) {
        throw new IllegalStateException("no generation for " + target.declared());
      }
      entries.add(
          new ManifestEntry(generation, target.declared(), target.compiled().sourceNames()));
    }
    return entries;
  }
}
