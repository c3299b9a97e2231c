package dev.ingot.api;

import dev.ingot.api.Resources.ConnectionResource;
import dev.ingot.api.Resources.PackageRef;
import dev.ingot.api.Resources.PackageRequest;
import dev.ingot.api.Resources.ProjectRequest;
import dev.ingot.api.Resources.ProjectResource;
import dev.ingot.engine.Engines;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.materialization.PackageLifecycle;
import dev.ingot.materialization.Removal;
import dev.ingot.project.PackageKey;
import dev.ingot.project.ProjectName;
import dev.ingot.project.ProjectService;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.List;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Projects, and the connections that they have. */
@RestController
@Tag(name = "projects")
class ProjectController {

  private final ProjectService projects;
  private final PackageLifecycle packages;

  ProjectController(ProjectService projects, PackageLifecycle packages) {
    this.projects = projects;
    this.packages = packages;
  }

  @GetMapping(path = Api.BASE + "/projects", produces = "application/json")
  @Operation(operationId = "listProjects", summary = "Lists the projects")
  List<ProjectResource> list() {
    return projects.projects().stream().map(project -> resource(project.name())).toList();
  }

  @PostMapping(path = Api.BASE + "/projects", produces = "application/json")
  @Operation(operationId = "createProject", summary = "Creates a project")
  @ApiResponse(responseCode = "201", description = "Created")
  ResponseEntity<ProjectResource> create(@RequestBody ProjectRequest request) {
    String text = Required.field("name", request.name());
    var name = new ProjectName(text);
    refuseUnsupported(request);
    List<PackageRequest> wanted = request.packages() == null ? List.of() : request.packages();
    for (PackageRequest one : wanted) {
      new PackageKey(name, Required.packageName(one));
    }
    projects.create(name);
    try {
      for (PackageRequest one : wanted) {
        packages.register(
            new PackageKey(name, Required.packageName(one)),
            Required.field("location", one.location()),
            one.description(),
            Boolean.TRUE.equals(one.strict()),
            true);
      }
    } catch (Fault e) {
      // All or nothing: half of what was asked for would have to be cleaned up by the caller.
      packages.remove(name, new Removal(true, false));
      throw e;
    }
    return ResponseEntity.created(URI.create(Api.projectPath(text))).body(resource(name));
  }

  @GetMapping(path = Api.PROJECT, produces = "application/json")
  @Operation(operationId = "getProject", summary = "Returns a project")
  ProjectResource get(@PathVariable String projectName) {
    return resource(new ProjectName(projectName));
  }

  @PatchMapping(path = Api.PROJECT, produces = "application/json")
  @Operation(operationId = "updateProject", summary = "Changes a project; absent fields keep")
  ProjectResource update(@PathVariable String projectName, @RequestBody ProjectRequest request) {
    var name = new ProjectName(projectName);
    projects.project(name);
    if (request.name() != null && !request.name().equals(projectName)) {
      throw new Fault(FaultCode.NOT_SUPPORTED, "A project can't be renamed");
    }
    if (request.packages() != null) {
      throw new Fault(
          FaultCode.NOT_SUPPORTED,
          "Packages are changed one by one under %s/packages"
              .formatted(Api.projectPath(projectName)));
    }
    refuseUnsupported(request);
    return resource(name);
  }

  @DeleteMapping(Api.PROJECT)
  @Operation(
      operationId = "deleteProject",
      summary = "Removes a project and its packages, their records and tables")
  @ApiResponse(responseCode = "204", description = "Removed")
  ResponseEntity<Void> delete(
      @PathVariable String projectName,
      @Parameter(description = "False leaves tables and views, as somebody else's")
          @RequestParam(defaultValue = "true")
          boolean dropTables,
      @Parameter(description = "True stops RUNNING builds instead of answering 409")
          @RequestParam(defaultValue = "false")
          boolean stop) {
    packages.remove(new ProjectName(projectName), new Removal(dropTables, stop));
    return ResponseEntity.noContent().build();
  }

  @GetMapping(path = Api.PROJECT + "/connections", produces = "application/json")
  @Operation(operationId = "listConnections", summary = "Lists a project's connections")
  List<ConnectionResource> connections(@PathVariable String projectName) {
    return resource(new ProjectName(projectName)).connections();
  }

  @GetMapping(path = Api.PROJECT + "/connections/{connectionName}", produces = "application/json")
  @Operation(operationId = "getConnection", summary = "Returns a connection")
  ConnectionResource connection(
      @PathVariable String projectName, @PathVariable String connectionName) {
    return connections(projectName).stream()
        .filter(connection -> connection.name().equals(connectionName))
        .findFirst()
        .orElseThrow(() ->
            new Fault(
                FaultCode.CONNECTION_NOT_FOUND,
                "Project '%s' has no connection '%s'".formatted(projectName, connectionName)));
  }

  ProjectResource resource(ProjectName name) {
    projects.project(name);
    String path = Api.projectPath(name.value());
    return new ProjectResource(
        path,
        name.value(),
        projects.packages(name).stream()
            .map(one -> new PackageRef(one.key().name().value(), one.location()))
            .toList(),
        List.of(
            new ConnectionResource(
                path + "/connections/" + Engines.DUCKDB, Engines.DUCKDB, "duckdb")),
        null);
  }

  private static void refuseUnsupported(ProjectRequest request) {
    if (request.connections() != null && !request.connections().isEmpty()) {
      throw new Fault(
          FaultCode.NOT_SUPPORTED,
          "This version has only the implicit connection 'duckdb'; leave 'connections' out");
    }
    JsonNode storage = request.materializationStorage();
    if (storage != null && !storage.isNull()) {
      throw new Fault(
          FaultCode.NOT_SUPPORTED,
          "This version keeps state on this server; leave 'materializationStorage' out");
    }
  }
}
