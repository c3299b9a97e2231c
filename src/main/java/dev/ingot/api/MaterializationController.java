package dev.ingot.api;

import dev.ingot.api.Allowed.Rule;
import dev.ingot.api.RunResources.DroppedTable;
import dev.ingot.api.RunResources.MaterializationRequest;
import dev.ingot.api.RunResources.MaterializationResource;
import dev.ingot.api.RunResources.Metadata;
import dev.ingot.api.RunResources.Planning;
import dev.ingot.api.RunResources.TargetResource;
import dev.ingot.api.RunResources.TeardownRequest;
import dev.ingot.api.RunResources.TeardownResource;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.materialization.Materialization;
import dev.ingot.materialization.MaterializationService;
import dev.ingot.materialization.MaterializationStatus;
import dev.ingot.materialization.PlanProgress;
import dev.ingot.materialization.RunOptions;
import dev.ingot.materialization.RunOptions.OnError;
import dev.ingot.materialization.TargetReport;
import dev.ingot.materialization.TargetStatus;
import dev.ingot.materialization.Teardown;
import dev.ingot.plan.Reason;
import dev.ingot.plan.Selection;
import dev.ingot.project.PackageKey;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Builds of a package as resources: created PENDING, started, watched, stopped. */
@RestController
@Tag(name = "materializations")
class MaterializationController {

  private static final String RUNS = Api.PACKAGE + "/materializations";
  private static final int MOST = 1000;

  private final MaterializationService service;
  private final Teardown teardown;

  MaterializationController(MaterializationService service, Teardown teardown) {
    this.service = service;
    this.teardown = teardown;
  }

  @Allowed(Rule.BUILD)
  @PostMapping(path = RUNS, produces = "application/json")
  @Operation(
      operationId = "createMaterialization",
      summary = "Creates a PENDING build, also while another is active, or a RUNNING one")
  @ApiResponse(responseCode = "201", description = "Created")
  ResponseEntity<MaterializationResource> create(
      @PathVariable String projectName,
      @PathVariable String packageName,
      @RequestBody(required = false) @Nullable MaterializationRequest request) {
    PackageKey key = PackageKey.of(projectName, packageName);
    RunOptions options = request == null ? RunOptions.DEFAULT : options(request);
    boolean start = request != null && Boolean.TRUE.equals(request.start());
    MaterializationResource created =
        resource(start ? service.createStarted(key, options) : service.create(key, options));
    return ResponseEntity.created(URI.create(created.resource())).body(created);
  }

  @Allowed(Rule.READ)
  @GetMapping(path = RUNS, produces = "application/json")
  @Operation(operationId = "listMaterializations", summary = "Lists builds, newest first")
  @ApiResponse(
      responseCode = "200",
      description = "OK",
      headers =
          @Header(
              name = "Link",
              description = "The next page, rel=\"next\", when there is one",
              schema = @Schema(type = "string")))
  ResponseEntity<List<MaterializationResource>> list(
      @PathVariable String projectName,
      @PathVariable String packageName,
      @Parameter(description = "At most 1000") @RequestParam(defaultValue = "50") int limit,
      @RequestParam(defaultValue = "0") int offset,
      @RequestParam(required = false) @Nullable MaterializationStatus status) {
    PackageKey key = PackageKey.of(projectName, packageName);
    if (limit < 1 || limit > MOST || offset < 0) {
      throw new Fault(
          FaultCode.BAD_REQUEST, "'limit' must be 1 to %d and 'offset' 0 or more".formatted(MOST));
    }
    MaterializationService.Page page = service.list(key, status, limit, offset);
    var headers = new HttpHeaders();
    long next = (long) offset + limit;
    if (next < page.total()) {
      String filter = status == null ? "" : "&status=" + status;
      headers.add(
          HttpHeaders.LINK,
          "<%s/materializations?limit=%d&offset=%d%s>; rel=\"next\""
              .formatted(Api.packagePath(key), limit, next, filter));
    }
    return ResponseEntity.ok()
        .headers(headers)
        .body(page.runs().stream().map(MaterializationController::resource).toList());
  }

  @Allowed(Rule.READ)
  @GetMapping(path = RUNS + "/{id}", produces = "application/json")
  @Operation(operationId = "getMaterialization", summary = "Returns a build")
  MaterializationResource get(
      @PathVariable String projectName, @PathVariable String packageName, @PathVariable String id) {
    return resource(service.get(PackageKey.of(projectName, packageName), id));
  }

  @Allowed(Rule.BUILD)
  @DeleteMapping(RUNS + "/{id}")
  @Operation(
      operationId = "deleteMaterialization",
      summary = "Deletes the record of an ended build; its tables stay")
  @ApiResponse(responseCode = "204", description = "Deleted")
  ResponseEntity<Void> delete(
      @PathVariable String projectName, @PathVariable String packageName, @PathVariable String id) {
    service.delete(PackageKey.of(projectName, packageName), id);
    return ResponseEntity.noContent().build();
  }

  @Allowed(Rule.BUILD)
  @PostMapping(path = RUNS + "/{id}/start", produces = "application/json")
  @Operation(operationId = "startMaterialization", summary = "Starts a PENDING build")
  @ApiResponse(responseCode = "202", description = "Started")
  ResponseEntity<MaterializationResource> start(
      @PathVariable String projectName, @PathVariable String packageName, @PathVariable String id) {
    PackageKey key = PackageKey.of(projectName, packageName);
    return ResponseEntity.status(HttpStatus.ACCEPTED).body(resource(service.start(key, id)));
  }

  @Allowed(Rule.BUILD)
  @PostMapping(path = RUNS + "/{id}/stop", produces = "application/json")
  @Operation(operationId = "stopMaterialization", summary = "Stops a PENDING or RUNNING build")
  MaterializationResource stop(
      @PathVariable String projectName, @PathVariable String packageName, @PathVariable String id) {
    return resource(service.stop(PackageKey.of(projectName, packageName), id));
  }

  @Allowed(Rule.BUILD)
  @PostMapping(path = RUNS + "/{id}", produces = "application/json")
  @Operation(
      operationId = "actOnMaterialization",
      summary = "Starts (202) or stops (200) a build: another way to write /start and /stop")
  @ApiResponse(responseCode = "200", description = "Stopped")
  @ApiResponse(responseCode = "202", description = "Started")
  ResponseEntity<MaterializationResource> act(
      @PathVariable String projectName,
      @PathVariable String packageName,
      @PathVariable String id,
      @Parameter(schema = @Schema(allowableValues = {"start", "stop"})) @RequestParam
          String action) {
    return switch (action) {
      case "start" -> start(projectName, packageName, id);
      case "stop" -> ResponseEntity.ok(stop(projectName, packageName, id));
      default ->
          throw new Fault(
              FaultCode.BAD_REQUEST, "'action' must be start or stop, not '%s'".formatted(action));
    };
  }

  @Allowed(Rule.ADMIN)
  @PostMapping(path = RUNS + "/teardown", produces = "application/json")
  @Operation(
      operationId = "teardownMaterializations",
      summary = "Gives up all tables of a package: publishes an empty version, then drops them")
  TeardownResource tearDown(
      @PathVariable String projectName,
      @PathVariable String packageName,
      @RequestBody(required = false) @Nullable TeardownRequest request) {
    PackageKey key = PackageKey.of(projectName, packageName);
    boolean dryRun = request != null && Boolean.TRUE.equals(request.dryRun());
    Teardown.Report report = dryRun ? teardown.dryRun(key) : teardown.tearDown(key);
    return new TeardownResource(
        dryRun,
        report.dropped().stream()
            .map(table ->
                new DroppedTable(table.buildId(), table.table().toString(), table.connection()))
            .toList(),
        report.errors());
  }

  private static RunOptions options(MaterializationRequest request) {
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

  private static MaterializationResource resource(Materialization run) {
    return new MaterializationResource(
        Api.packagePath(run.key()) + "/materializations/" + run.id(),
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
        run.targets().stream().map(MaterializationController::resource).toList(),
        run.problems());
  }

  private static @Nullable Planning planning(@Nullable PlanProgress progress) {
    return progress == null
        ? null
        : new Planning(progress.models(), progress.modelsCompiled(), progress.sourcesPlanned());
  }

  private static TargetResource resource(TargetReport report) {
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
        progress.durationMs(),
        progress.sql(),
        progress.error(),
        target.model(),
        target.line());
  }
}
