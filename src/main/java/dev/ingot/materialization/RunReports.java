package dev.ingot.materialization;

import dev.ingot.compile.CompiledTarget;
import dev.ingot.manifest.Generation;
import dev.ingot.plan.PlannedTarget;
import dev.ingot.plan.PlannedTarget.Action;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The targets' reports of one run: written to the store as they change. */
final class RunReports {

  private final MaterializationStore store;
  private final String runId;
  private final Map<String, TargetReport> reports = new LinkedHashMap<>();

  RunReports(MaterializationStore store, String runId) {
    this.store = store;
    this.runId = runId;
  }

  synchronized void begin(List<PlannedTarget> targets, Map<String, Generation> intended) {
    for (PlannedTarget target : targets) {
      reports.put(target.buildId(), first(target, intended.get(target.buildId())));
    }
    store.report(runId, List.copyOf(reports.values()));
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
      store.report(runId, List.of(changed));
    }
  }

  /** Every target that hasn't ended gets this status, in one write. */
  synchronized void endOthers(TargetStatus how, String why) {
    reports.replaceAll(
        (id, report) -> report.status().isTerminal() ? report : report.ended(how, why));
    store.report(runId, List.copyOf(reports.values()));
  }

  synchronized List<TargetReport> all() {
    return List.copyOf(reports.values());
  }
}
