package dev.ingot.api;

import dev.ingot.api.Resources.Health;
import dev.ingot.api.Resources.Status;
import dev.ingot.project.ProjectService;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import org.springframework.boot.info.BuildProperties;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Whether the server is there, and what it has. */
@RestController
@Tag(name = "status")
class StatusController {

  private final ProjectService projects;
  private final ProjectController resources;
  private final BuildProperties build;
  private final Clock clock;

  StatusController(
      ProjectService projects, ProjectController resources, BuildProperties build, Clock clock) {
    this.projects = projects;
    this.resources = resources;
    this.build = build;
    this.clock = clock;
  }

  /** Requests are only taken once state and packages are loaded, so it is always initialized. */
  @GetMapping(path = Api.BASE + "/status", produces = "application/json")
  @Operation(operationId = "getStatus", summary = "Returns the server's state and projects")
  Status status() {
    return new Status(
        clock.instant(),
        true,
        "serving",
        false,
        projects.projects().stream().map(project -> resources.resource(project.name())).toList(),
        String.valueOf(build.getVersion()));
  }

  @GetMapping(
      path = {"/health", Api.BASE + "/health"},
      produces = "application/json")
  @Operation(operationId = "getHealth", summary = "UP when the server answers")
  Health health() {
    return new Health("UP");
  }

  @GetMapping(
      path = {"/health/liveness", Api.BASE + "/health/liveness"},
      produces = "application/json")
  @Operation(operationId = "getLiveness", summary = "UP when the process answers")
  Health liveness() {
    return new Health("UP");
  }

  /** Reads the state, so that a state that can't be read is not ready. */
  @GetMapping(
      path = {"/health/readiness", Api.BASE + "/health/readiness"},
      produces = "application/json")
  @Operation(operationId = "getReadiness", summary = "UP when the state can be read")
  Health readiness() {
    projects.projects();
    return new Health("UP");
  }
}
