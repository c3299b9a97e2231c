package dev.ingot.api;

import dev.ingot.access.Caller;
import dev.ingot.api.Allowed.Rule;
import dev.ingot.api.Refused.Work;
import dev.ingot.api.RunResources.PlanAction;
import dev.ingot.api.RunResources.PlanResource;
import dev.ingot.api.RunResources.PlanTarget;
import dev.ingot.compile.CompiledTarget;
import dev.ingot.fault.FaultCode;
import dev.ingot.manifest.Generation;
import dev.ingot.manifest.ManifestVersion;
import dev.ingot.plan.Plan;
import dev.ingot.plan.PlannedTarget;
import dev.ingot.plan.PlannedTarget.Action;
import dev.ingot.plan.Planner;
import dev.ingot.plan.Selection;
import dev.ingot.project.PackageKey;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What a build would do, told by the planner that builds use. */
@RestController
@Tag(name = "materializations")
class PlanController {

  private final Planner planner;

  PlanController(Planner planner) {
    this.planner = planner;
  }

  @Allowed(Rule.READ)
  @GetMapping(path = Api.PACKAGE + "/plan", produces = "application/json")
  @Refused(
      work = {Work.REACHES, Work.LOADS},
      value = {FaultCode.MODEL_NOT_FOUND, FaultCode.CONNECTION_NOT_FOUND})
  @Operation(
      operationId = "getPlan",
      summary = "Returns what a build would do now, and every problem that would stop it")
  PlanResource plan(
      @PathVariable String projectName,
      @PathVariable String packageName,
      @Parameter(description = "As of a build with the same field")
          @RequestParam(defaultValue = "false")
          boolean forceRefresh,
      @Parameter(description = "As of a build with the same field; comma-separated or repeated")
          @RequestParam(required = false)
          @Nullable List<String> sources,
      @Parameter(
              description = "As of a build with the same field",
              schema =
                  @Schema(
                      allowableValues = {"check", "ignore"},
                      defaultValue = "check"))
          @RequestParam(required = false)
          @Nullable String freshness,
      Caller caller) {
    PackageKey key = PackageKey.of(projectName, packageName);
    var selection =
        new Selection(
            sources == null ? List.of() : sources, forceRefresh, RunResources.freshness(freshness));
    Plan plan = planner.plan(key, selection);
    Predicate<String> shown = ShownTables.to(caller, key.project(), plan::content);
    Map<String, List<String>> downstream = plan.downstream();
    return new PlanResource(
        Api.packagePath(key) + "/plan",
        plan.base().map(ManifestVersion::number).orElse(0L),
        plan.refused(),
        plan.targets().stream()
            .filter(target -> shown.test(target.buildId()))
            .map(target -> resource(plan, target, downstream))
            .toList(),
        plan.removed().stream()
            .map(entry -> plan.content().said(entry.generation().connection(), entry.declared()))
            .toList(),
        plan.lost().stream().flatMap(entry -> entry.sourceNames().stream()).toList(),
        ShownTables.all(caller, key.project())
            ? plan.problems().stream()
                .map(problem -> problem.in(plan.content().snapshot().models()))
                .toList()
            : plan.problems());
  }

  private static PlanTarget resource(
      Plan plan, PlannedTarget target, Map<String, List<String>> downstream) {
    CompiledTarget compiled = target.compiled();
    CompiledTarget.Source source = compiled.sources().getFirst();
    return new PlanTarget(
        target.buildId(),
        plan.content().said(compiled.connectionName(), target.declared()),
        target.declared().toString(),
        target.action() instanceof Action.Reuse(Generation generation, var reason)
            ? generation.table().toString()
            : null,
        compiled.connectionName(),
        compiled.sourceNames(),
        switch (target.action()) {
          case Action.Build build -> PlanAction.BUILD;
          case Action.Reuse reuse -> PlanAction.REUSE;
          case Action.Leave leave -> PlanAction.LEAVE;
        },
        target.action().reason(),
        target.changedData(),
        plan.content().tellsData(compiled.connectionName(), compiled.sql()) ? "checked" : "unknown",
        compiled.sql(),
        previousSql(target),
        compiled.dependsOn(),
        downstream.getOrDefault(target.buildId(), List.of()),
        source.model(),
        source.line());
  }

  private static @Nullable String previousSql(PlannedTarget target) {
    if (target.action() instanceof Action.Build(var reason, Generation replaced, var changed)
        && replaced != null
        && !replaced.buildId().equals(target.buildId())) {
      return replaced.definition();
    }
    return null;
  }
}
