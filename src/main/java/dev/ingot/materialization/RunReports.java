package dev.ingot.materialization;

import dev.ingot.compile.CompiledTarget;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.manifest.Generation;
import dev.ingot.plan.PlannedTarget;
import dev.ingot.plan.PlannedTarget.Action;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The targets' reports of one run: written to the store as they change. On a full disk they are
 * late, and no reason for the run to end otherwise than it does.
 */
final class RunReports {

  private final MaterializationStore store;
  private final String runId;
  private final Map<String, TargetReport> reports = new LinkedHashMap<>();
  private boolean late;

  RunReports(MaterializationStore store, String runId) {
    this.store = store;
    this.runId = runId;
  }

  synchronized void begin(List<PlannedTarget> targets, Map<String, Generation> intended) {
    for (PlannedTarget target : targets) {
      reports.put(target.buildId(), first(target, intended.get(target.buildId())));
    }
    write(all());
  }

  private void write(List<TargetReport> changed) {
    try {
      store.report(runId, late ? all() : changed);
      late = false;
    } catch (Fault full) {
      if (full.code() != FaultCode.STORAGE_FULL) {
        throw full;
      }
      late = true;
    }
  }

  /** Writes what was late. */
  synchronized void catchUp() {
    if (late) {
      write(all());
    }
  }

  private static TargetReport first(PlannedTarget target, @Nullable Generation intended) {
    CompiledTarget compiled = target.compiled();
    CompiledTarget.Source source = compiled.sources().getFirst();
    Generation generation =
        target.action() instanceof Action.Reuse(Generation reused, var reason) ? reused : intended;
    boolean reuses = target.action() instanceof Action.Reuse;
    return new TargetReport(
        target.buildId(),
        target.declared().toString(),
        generation == null ? null : generation.table().toString(),
        compiled.connectionName(),
        compiled.sourceNames(),
        compiled.dependsOn(),
        status(target.action()),
        target.action().reason(),
        reuses && generation != null ? generation.rows() : null,
        null,
        null,
        null,
        source.model(),
        source.line());
  }

  private static TargetStatus status(Action action) {
    return switch (action) {
      case Action.Build build -> TargetStatus.PENDING;
      case Action.Reuse reuse -> TargetStatus.REUSED;
      case Action.Leave leave -> TargetStatus.SKIPPED;
    };
  }

  synchronized void change(String buildId, UnaryOperator<TargetReport> change) {
    TargetReport changed = reports.computeIfPresent(buildId, (id, report) -> change.apply(report));
    if (changed != null) {
      write(List.of(changed));
    }
  }

  /** Every target that hasn't ended gets this status, in one write. */
  synchronized void endOthers(TargetStatus how, String why) {
    reports.replaceAll(
        (id, report) -> report.status().isTerminal() ? report : report.ended(how, why));
    write(all());
  }

  synchronized List<TargetReport> all() {
    return List.copyOf(reports.values());
  }
}
