package dev.ingot.api;

import dev.ingot.access.Caller;
import dev.ingot.api.Allowed.Rule;
import dev.ingot.api.Refused.Work;
import dev.ingot.api.StatusResources.CatalogResource;
import dev.ingot.api.StatusResources.Health;
import dev.ingot.api.StatusResources.Readiness;
import dev.ingot.api.StatusResources.ReadinessDetails;
import dev.ingot.api.StatusResources.Status;
import dev.ingot.api.StatusResources.StuckResource;
import dev.ingot.api.StatusResources.WorkerResource;
import dev.ingot.configuration.ReadOnly;
import dev.ingot.engine.PackageDatabases;
import dev.ingot.manifest.ProjectWorkers;
import dev.ingot.project.CatalogHealth;
import dev.ingot.project.Project;
import dev.ingot.project.ProjectName;
import dev.ingot.project.ProjectService;
import dev.ingot.query.WarmUp;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import org.springframework.boot.info.BuildProperties;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Whether the server is there, and what it has. */
@RestController
@Tag(name = "status")
class StatusController {

  private final ProjectService projects;
  private final ProjectController resources;
  private final ProjectWorkers workers;
  private final CatalogHealth catalogs;
  private final PackageDatabases databases;
  private final WarmUp warmUp;
  private final ReadOnly readOnly;
  private final BuildProperties build;
  private final Clock clock;

  StatusController(
      ProjectService projects,
      ProjectController resources,
      ProjectWorkers workers,
      CatalogHealth catalogs,
      PackageDatabases databases,
      WarmUp warmUp,
      ReadOnly readOnly,
      BuildProperties build,
      Clock clock) {
    this.projects = projects;
    this.resources = resources;
    this.workers = workers;
    this.catalogs = catalogs;
    this.databases = databases;
    this.warmUp = warmUp;
    this.readOnly = readOnly;
    this.build = build;
    this.clock = clock;
  }

  /** Requests are only taken once state and packages are loaded, so it is always initialized. */
  @Allowed(Rule.CALLERS)
  @GetMapping(path = Api.BASE + "/status", produces = "application/json")
  @Refused(work = Work.REACHES)
  @Operation(operationId = "getStatus", summary = "Returns the server's state and projects")
  Status status(Caller caller) {
    List<Project> all =
        projects.projects().stream().filter(project -> caller.sees(project.name())).toList();
    var byProject = new LinkedHashMap<String, List<WorkerResource>>();
    for (Project project : all) {
      byProject.put(project.name().value(), WorkerController.resources(workers.known(project)));
    }
    return new Status(
        clock.instant(),
        true,
        "serving",
        readOnly.isFrozen(),
        all.stream().map(project -> resources.resource(project.name(), caller)).toList(),
        byProject,
        StuckResource.of(databases.stuck()).stream()
            .filter(one -> caller.sees(new ProjectName(one.projectName())))
            .toList(),
        String.valueOf(build.getVersion()));
  }

  @Allowed(Rule.EVERYBODY)
  @GetMapping(
      path = {"/health", Api.BASE + "/health"},
      produces = "application/json")
  @Operation(operationId = "getHealth", summary = "UP when the server answers")
  Health health() {
    return new Health("UP");
  }

  @Allowed(Rule.EVERYBODY)
  @GetMapping(
      path = {"/health/liveness", Api.BASE + "/health/liveness"},
      produces = "application/json")
  @Operation(operationId = "getLiveness", summary = "UP when the process answers")
  Health liveness() {
    return new Health("UP");
  }

  /**
   * Reads the state, so that a state that can't be read is not ready; nor is a server whose first
   * queries would wait. A catalog that is DOWN is no reason to be sent no queries: what is served
   * is still served.
   */
  @Allowed(Rule.EVERYBODY)
  @GetMapping(
      path = {"/health/readiness", Api.BASE + "/health/readiness"},
      produces = "application/json")
  @Operation(
      operationId = "getReadiness",
      summary =
          "UP when the state can be read and queries don't wait for the compiler; the details have the catalogs of the shared projects that the caller may see")
  @ApiResponse(responseCode = "200", description = "OK")
  @ApiResponse(
      responseCode = "503",
      description = "DOWN: what was served before is still being compiled",
      content =
          @Content(
              mediaType = "application/json",
              schema = @Schema(implementation = Readiness.class)))
  ResponseEntity<Readiness> readiness(Caller caller) {
    var states = new LinkedHashMap<String, CatalogResource>();
    for (Project project : projects.projects()) {
      if (project.isShared() && caller.sees(project.name())) {
        String failure = catalogs.failure(project).orElse(null);
        states.put(
            project.name().value(), new CatalogResource(failure == null ? "UP" : "DOWN", failure));
      }
    }
    boolean warm = !warmUp.isAwaited();
    var readiness = new Readiness(warm ? "UP" : "DOWN", new ReadinessDetails(states));
    return ResponseEntity.status(warm ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE)
        .body(readiness);
  }
}
