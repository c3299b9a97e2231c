package dev.ingot.materialization;

import dev.ingot.compile.CompiledTarget;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.manifest.Generation;
import dev.ingot.manifest.LoadedPackage;
import dev.ingot.manifest.ManifestEntry;
import dev.ingot.materialization.TargetReport.Progress;
import dev.ingot.plan.PlannedTarget;
import dev.ingot.plan.PlannedTarget.Action;
import dev.ingot.project.PackageKey;
import dev.ingot.threads.Tasks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The targets' reports of one run, and the generations that it finished.
 *
 * <p>They are written behind the builds' backs, all that comes up within {@link #GATHER} at once: a
 * commit takes milliseconds, several for each table, which no build should wait for. In order, so a
 * table is never on record as finished before those it was built from. What a crash loses of it is
 * built again.
 */
final class RunReports {

  private static final Logger log = LoggerFactory.getLogger(RunReports.class);

  private static final Duration GATHER = Duration.ofMillis(50);

  private final MaterializationStore store;
  private final Tasks tasks;
  private final PackageKey key;
  private final String runId;
  private final Map<String, TargetReport> reports = new LinkedHashMap<>();
  private final Set<String> changed = new LinkedHashSet<>();
  private final List<Generation> built = new ArrayList<>();
  private final ReentrantLock writing = new ReentrantLock(true);
  private boolean queued;

  /** By {@link System#nanoTime}. */
  private volatile long lastWrite = System.nanoTime() - GATHER.toNanos();

  RunReports(MaterializationStore store, Tasks tasks, PlannedRun run) {
    this.store = store;
    this.tasks = tasks;
    key = run.run().key();
    runId = run.run().id();
    for (PlannedTarget target : run.plan().targets()) {
      reports.put(target.buildId(), first(run.content(), target, run.generation(target.buildId())));
    }
    for (ManifestEntry entry : run.plan().lost()) {
      String name = run.content().said(entry.generation().connection(), entry.declared());
      reports.put(entry.buildId(), TargetReport.unplanned(entry, name));
    }
  }

  String runId() {
    return runId;
  }

  /** Puts on record what is planned. */
  synchronized void begin() {
    changed.addAll(reports.keySet());
    queue();
  }

  private static TargetReport first(
      LoadedPackage content, PlannedTarget target, Optional<Generation> generation) {
    CompiledTarget compiled = target.compiled();
    CompiledTarget.Source source = compiled.sources().getFirst();
    var subject =
        new TargetReport.Target(
            target.buildId(),
            content.said(compiled.connectionName(), target.declared()),
            target.declared().toString(),
            compiled.connectionName(),
            compiled.sourceNames(),
            compiled.dependsOn(),
            target.changedData(),
            source.model(),
            source.line());
    String table = generation.map(one -> one.table().toString()).orElse(null);
    Progress progress =
        switch (target.action()) {
          case Action.Build build -> Progress.none(TargetStatus.PENDING, table);
          case Action.Reuse(Generation reused, var reason) ->
              Progress.reused(reused.table().toString(), reused.rows());
          case Action.Leave leave -> Progress.none(TargetStatus.SKIPPED, table);
        };
    return new TargetReport(subject, target.action().reason(), progress);
  }

  synchronized void change(String buildId, UnaryOperator<TargetReport> change) {
    if (reports.computeIfPresent(buildId, (id, report) -> change.apply(report)) != null) {
      changed.add(buildId);
      queue();
    }
  }

  /**
   * @param bytes that its table takes; null where nobody can tell
   * @param millis that the build took
   */
  synchronized void built(
      Generation generation, @Nullable Long bytes, long millis, @Nullable TargetLineage lineage) {
    built.add(generation);
    change(generation.buildId(), report -> report.built(generation.rows(), bytes, millis, lineage));
  }

  /** Every target that hasn't ended gets this status. */
  synchronized void endOthers(TargetStatus how, String why) {
    reports.replaceAll(
        (id, report) -> report.status().isTerminal() ? report : report.ended(how, why));
    changed.addAll(reports.keySet());
    queue();
  }

  private void queue() {
    if (!queued) {
      queued = true;
      long wait = Math.max(0, lastWrite + GATHER.toNanos() - System.nanoTime());
      tasks.startAfter(Duration.ofNanos(wait), "reports-" + runId, this::writeBehind);
    }
  }

  private void writeBehind() {
    try {
      write();
    } catch (RuntimeException e) {
      // Kept, and tried again by who needs it written.
      log.warn("The reports of run {} are late: {}", runId, e.getMessage());
    }
  }

  /** One after the other, so that no older report comes after a newer one. */
  private void write() {
    writing.lock();
    try {
      Set<String> these;
      List<TargetReport> targets;
      List<Generation> generations;
      synchronized (this) {
        these = Set.copyOf(changed);
        targets = reports.values().stream().filter(r -> these.contains(r.buildId())).toList();
        generations = List.copyOf(built);
        changed.clear();
        built.clear();
        queued = false;
      }
      if (these.isEmpty() && generations.isEmpty()) {
        return;
      }
      try {
        store.report(key, runId, targets, generations);
      } catch (RuntimeException e) {
        putBack(these, generations);
        throw e;
      }
    } finally {
      lastWrite = System.nanoTime();
      writing.unlock();
    }
  }

  private synchronized void putBack(Set<String> these, List<Generation> generations) {
    changed.addAll(these);
    built.addAll(0, generations);
  }

  /**
   * Returns when all of it is written, or the disk is too full for the reports: those are late then
   * and no reason for the run to end otherwise than it does.
   *
   * @throws Fault STORAGE_FULL when a finished generation could not be recorded; it counts as
   *     unfinished from here on
   * @throws RuntimeException what else the store throws
   */
  void flush() {
    try {
      write();
    } catch (Fault full) {
      if (full.code() != FaultCode.STORAGE_FULL || forgetBuilt()) {
        throw full;
      }
    }
  }

  /** False when there was nothing to forget. */
  private synchronized boolean forgetBuilt() {
    boolean any = !built.isEmpty();
    built.clear();
    return any;
  }

  synchronized List<TargetReport> all() {
    return List.copyOf(reports.values());
  }
}
