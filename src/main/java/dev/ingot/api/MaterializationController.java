package dev.ingot.api;

import dev.ingot.access.Caller;
import dev.ingot.api.Allowed.Rule;
import dev.ingot.api.Refused.Work;
import dev.ingot.api.RunResources.DroppedTable;
import dev.ingot.api.RunResources.MaterializationRequest;
import dev.ingot.api.RunResources.MaterializationResource;
import dev.ingot.api.RunResources.TeardownRequest;
import dev.ingot.api.RunResources.TeardownResource;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.materialization.Materialization;
import dev.ingot.materialization.MaterializationService;
import dev.ingot.materialization.NewRun;
import dev.ingot.materialization.RunOptions;
import dev.ingot.materialization.Teardown;
import dev.ingot.project.PackageKey;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import org.jspecify.annotations.Nullable;
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
  private static final String WITH_START = "With start.";

  private final MaterializationService service;
  private final Teardown teardown;
  private final RunWaiting waiting;
  private final ShownRuns shown;

  MaterializationController(
      MaterializationService service, Teardown teardown, RunWaiting waiting, ShownRuns shown) {
    this.service = service;
    this.teardown = teardown;
    this.waiting = waiting;
    this.shown = shown;
  }

  @Allowed(Rule.BUILD)
  @Idempotent
  @PostMapping(path = RUNS, produces = "application/json")
  @Waits(status = "201", when = WITH_START)
  @Refused(
      work = {Work.REACHES, Work.LOADS},
      value = {FaultCode.ANOTHER_RUNNING, FaultCode.ILLEGAL_STATE, FaultCode.CONNECTION_NOT_FOUND})
  @Operation(
      operationId = "createMaterialization",
      summary = "Creates a PENDING build, also while another is active, or a RUNNING one")
  @ApiResponse(
      responseCode = "201",
      description = "Created",
      content = @Content(schema = @Schema(implementation = MaterializationResource.class)))
  Object create(
      @PathVariable String projectName,
      @PathVariable String packageName,
      @RequestBody(required = false) @Nullable MaterializationRequest request,
      HttpServletRequest http) {
    PackageKey key = PackageKey.of(projectName, packageName);
    RunOptions options = RunBody.options(request);
    NewRun id = IdempotencyInterceptor.newRun(http);
    if (request == null || !Boolean.TRUE.equals(request.start())) {
      return created(service.create(key, options, id));
    }
    return waiting.answer(
        http, service.createStarted(key, options, id), MaterializationController::created);
  }

  private static ResponseEntity<MaterializationResource> created(Materialization run) {
    return ResponseEntity.created(URI.create(RunBody.path(run.key(), run.id())))
        .body(RunBody.shown(run));
  }

  @Allowed(Rule.READ)
  @GetMapping(path = RUNS + "/{id}", produces = "application/json")
  @Waits(status = "200")
  @Refused(
      work = {Work.REACHES, Work.LOADS},
      value = FaultCode.MATERIALIZATION_NOT_FOUND)
  @Operation(operationId = "getMaterialization", summary = "Returns a build")
  @ApiResponse(
      responseCode = "200",
      description = "OK",
      content = @Content(schema = @Schema(implementation = MaterializationResource.class)))
  Object get(
      @PathVariable String projectName,
      @PathVariable String packageName,
      @PathVariable String id,
      Caller caller,
      HttpServletRequest http) {
    return waiting.answer(
        http,
        service.get(PackageKey.of(projectName, packageName), id),
        run -> ResponseEntity.ok(RunBody.shown(shown.to(caller, run))));
  }

  @Allowed(Rule.BUILD)
  @DeleteMapping(RUNS + "/{id}")
  @Refused(
      work = Work.REACHES,
      value = {
        FaultCode.ILLEGAL_STATE,
        FaultCode.MATERIALIZATION_NOT_FOUND,
        FaultCode.PACKAGE_BUSY
      })
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
  @Waits(status = "202")
  @Refused(
      work = {Work.REACHES, Work.LOADS},
      value = {
        FaultCode.ANOTHER_RUNNING,
        FaultCode.ILLEGAL_STATE,
        FaultCode.MATERIALIZATION_NOT_FOUND,
        FaultCode.CONNECTION_NOT_FOUND
      })
  @Operation(operationId = "startMaterialization", summary = "Starts a PENDING build")
  @ApiResponse(
      responseCode = "202",
      description = "Started",
      content = @Content(schema = @Schema(implementation = MaterializationResource.class)))
  Object start(
      @PathVariable String projectName,
      @PathVariable String packageName,
      @PathVariable String id,
      HttpServletRequest http) {
    return waiting.answer(
        http,
        service.start(PackageKey.of(projectName, packageName), id),
        run -> ResponseEntity.accepted().body(RunBody.shown(run)));
  }

  @Allowed(Rule.BUILD)
  @PostMapping(path = RUNS + "/{id}/stop", produces = "application/json")
  @Refused(
      work = Work.REACHES,
      value = {
        FaultCode.ILLEGAL_STATE,
        FaultCode.MATERIALIZATION_NOT_FOUND,
        FaultCode.PACKAGE_BUSY
      })
  @Operation(operationId = "stopMaterialization", summary = "Stops a PENDING or RUNNING build")
  MaterializationResource stop(
      @PathVariable String projectName, @PathVariable String packageName, @PathVariable String id) {
    return RunBody.shown(service.stop(PackageKey.of(projectName, packageName), id));
  }

  @Allowed(Rule.BUILD)
  @PostMapping(path = RUNS + "/{id}", produces = "application/json")
  @Waits(status = "202", when = WITH_START)
  @Refused(
      work = {Work.REACHES, Work.LOADS},
      value = {
        FaultCode.ANOTHER_RUNNING,
        FaultCode.ILLEGAL_STATE,
        FaultCode.MATERIALIZATION_NOT_FOUND
      })
  @Operation(
      operationId = "actOnMaterialization",
      summary = "Starts (202) or stops (200) a build: another way to write /start and /stop")
  @ApiResponse(
      responseCode = "200",
      description = "Stopped",
      content = @Content(schema = @Schema(implementation = MaterializationResource.class)))
  @ApiResponse(
      responseCode = "202",
      description = "Started",
      content = @Content(schema = @Schema(implementation = MaterializationResource.class)))
  Object act(
      @PathVariable String projectName,
      @PathVariable String packageName,
      @PathVariable String id,
      @Parameter(schema = @Schema(allowableValues = {"start", "stop"})) @RequestParam String action,
      HttpServletRequest http) {
    return switch (action) {
      case "start" -> start(projectName, packageName, id, http);
      case "stop" -> ResponseEntity.ok(stop(projectName, packageName, id));
      default ->
          throw new Fault(
              FaultCode.BAD_REQUEST, "'action' must be start or stop, not '%s'".formatted(action));
    };
  }

  @Allowed(Rule.ADMIN)
  @PostMapping(path = RUNS + "/teardown", produces = "application/json")
  @Refused(
      work = {Work.REACHES, Work.LOADS},
      value = {FaultCode.ANOTHER_RUNNING, FaultCode.CONNECTION_NOT_FOUND})
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
}
