package dev.ingot.api;

import dev.ingot.api.RunResources.MaterializationRequest;
import dev.ingot.api.RunResources.MaterializationResource;
import dev.ingot.api.RunResources.Metadata;
import dev.ingot.api.RunResources.Planning;
import dev.ingot.api.RunResources.TargetResource;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.materialization.Materialization;
import dev.ingot.materialization.PlanProgress;
import dev.ingot.materialization.RunOptions;
import dev.ingot.materialization.RunOptions.OnError;
import dev.ingot.materialization.TargetReport;
import dev.ingot.materialization.TargetStatus;
import dev.ingot.plan.Reason;
import dev.ingot.plan.Selection;
import dev.ingot.project.PackageKey;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Builds as requests ask for them, and as answers show them. */
final class RunBody {

  private RunBody() {}

  /**
   * @param request null asks for the default
   * @throws Fault BAD_REQUEST
   */
  static RunOptions options(@Nullable MaterializationRequest request) {
    return request == null ? RunOptions.DEFAULT : said(request);
  }

  private static RunOptions said(MaterializationRequest request) {
    List<String> sources = request.sources();
    // JSON lets an element be null.
    if (sources != null
        && (sources.isEmpty() || sources.stream().anyMatch(s -> s == null || s.isBlank()))) {
      throw new Fault(
          FaultCode.BAD_REQUEST,
          "'sources' names at least one source and none of them is blank or null; leave it out to build all");
    }
    return new RunOptions(
        new Selection(
            sources == null ? List.of() : sources,
            Boolean.TRUE.equals(request.forceRefresh()),
            RunResources.freshness(request.freshness())),
        !Boolean.FALSE.equals(request.autoLoadManifest()),
        Boolean.TRUE.equals(request.failFast()),
        onError(request));
  }

  private static OnError onError(MaterializationRequest request) {
    OnError wanted =
        switch (request.onError()) {
          case "fail" -> OnError.FAIL;
          case "publish" -> OnError.PUBLISH;
          case null -> OnError.FAIL;
          default ->
              throw new Fault(
                  FaultCode.BAD_REQUEST,
                  "'onError' must be fail or publish, not '%s'".formatted(request.onError()));
        };
    if (wanted == OnError.PUBLISH && Boolean.TRUE.equals(request.failFast())) {
      throw new Fault(
          FaultCode.BAD_REQUEST,
          "'failFast' stops at the first failure and 'onError': \"publish\" goes on after it: choose one");
    }
    return wanted;
  }

  static String path(PackageKey key, String id) {
    return Api.packagePath(key) + "/materializations/" + id;
  }

  static MaterializationResource shown(Materialization run) {
    return new MaterializationResource(
        path(run.key(), run.id()),
        run.id(),
        run.key().project().value(),
        run.key().name().value(),
        run.status(),
        run.options().forceRefresh(),
        run.options().autoLoadManifest(),
        run.options().failFast(),
        run.options().onError().name().toLowerCase(Locale.ROOT),
        run.options().selection().freshness().name().toLowerCase(Locale.ROOT),
        run.options().selection().sources(),
        run.createdAt(),
        run.updatedAt(),
        run.startedAt(),
        run.completedAt(),
        run.error(),
        new Metadata(
            run.options().forceRefresh(),
            run.options().autoLoadManifest(),
            run.count(TargetStatus.BUILT),
            run.count(TargetStatus.REUSED),
            run.count(TargetStatus.FAILED),
            run.unplannedSources(),
            run.targets().stream()
                .filter(report -> report.reason() != Reason.UNPLANNED)
                .map(report -> report.target().tableName())
                .toList(),
            run.sweep().dropped(),
            run.sweep().errors(),
            planning(run.planning())),
        run.targets().stream().map(RunBody::shown).toList(),
        run.problems());
  }

  private static @Nullable Planning planning(@Nullable PlanProgress progress) {
    return progress == null
        ? null
        : new Planning(progress.models(), progress.modelsCompiled(), progress.sourcesPlanned());
  }

  static TargetResource shown(TargetReport report) {
    TargetReport.Target target = report.target();
    TargetReport.Progress progress = report.progress();
    return new TargetResource(
        target.buildId(),
        target.tableName(),
        target.declaredTable() == null ? target.tableName() : target.declaredTable(),
        progress.physicalTable(),
        target.connectionName(),
        target.sourceNames(),
        target.dependsOn(),
        progress.status(),
        report.reason(),
        target.changedData() == null ? List.of() : target.changedData(),
        progress.rows(),
        progress.bytes(),
        progress.startedAt(),
        progress.durationMs(),
        progress.sql(),
        progress.error(),
        target.model(),
        target.line());
  }
}
