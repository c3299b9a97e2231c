package dev.ingot.api;

import dev.ingot.access.Caller;
import dev.ingot.access.Role;
import dev.ingot.api.Allowed.Rule;
import dev.ingot.api.Refused.Work;
import dev.ingot.api.Resources.PackageRef;
import dev.ingot.api.Resources.ProjectResource;
import dev.ingot.body.ConnectionBody;
import dev.ingot.body.PackageRequest;
import dev.ingot.body.ProjectRequest;
import dev.ingot.body.Required;
import dev.ingot.body.StorageBody;
import dev.ingot.body.StorageField;
import dev.ingot.configuration.ReadOnly;
import dev.ingot.engine.Engines;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.materialization.ConnectionLifecycle;
import dev.ingot.materialization.PackageLifecycle;
import dev.ingot.materialization.Removal;
import dev.ingot.materialization.StorageSwitch;
import dev.ingot.project.ConnectionKey;
import dev.ingot.project.ConnectionSettings;
import dev.ingot.project.PackageKey;
import dev.ingot.project.Project;
import dev.ingot.project.ProjectName;
import dev.ingot.project.ProjectOptions;
import dev.ingot.project.ProjectService;
import dev.ingot.project.StorageChange;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Projects. */
@RestController
@Tag(name = "projects")
class ProjectController {

  private final ProjectService projects;
  private final PackageLifecycle packages;
  private final ConnectionLifecycle connections;
  private final StorageSwitch storages;
  private final Tags tags;
  private final ReadOnly readOnly;

  ProjectController(
      ProjectService projects,
      PackageLifecycle packages,
      ConnectionLifecycle connections,
      StorageSwitch storages,
      Tags tags,
      ReadOnly readOnly) {
    this.projects = projects;
    this.packages = packages;
    this.connections = connections;
    this.storages = storages;
    this.tags = tags;
    this.readOnly = readOnly;
  }

  @Allowed(Rule.CALLERS)
  @GetMapping(path = Api.BASE + "/projects", produces = "application/json")
  @Refused(work = Work.REACHES)
  @Operation(operationId = "listProjects", summary = "Lists the projects")
  List<ProjectResource> list(Caller caller) {
    return projects.projects().stream()
        .filter(project -> caller.sees(project.name()))
        .map(project -> resource(project.name(), caller))
        .toList();
  }

  @Allowed(Rule.ADMIN_EVERYWHERE)
  @Idempotent
  @PostMapping(path = Api.BASE + "/projects", produces = "application/json")
  @Refused(
      work = {Work.CHANGES, Work.REACHES, Work.LOADS},
      value = {
        FaultCode.PROJECT_EXISTS,
        FaultCode.INVALID_NAME,
        FaultCode.PACKAGE_EXISTS,
        FaultCode.CONNECTION_EXISTS,
        FaultCode.INVALID_STORAGE,
        FaultCode.INVALID_CONNECTION,
        FaultCode.INVALID_WEBHOOK
      })
  @Operation(operationId = "createProject", summary = "Creates a project")
  @ApiResponse(responseCode = "201", description = "Created")
  ResponseEntity<ProjectResource> create(@RequestBody ProjectRequest request, Caller caller) {
    String text = Required.field("name", request.name());
    var name = new ProjectName(text);
    readOnly.require(name);
    Map<ConnectionKey, ConnectionSettings> declared =
        ConnectionBody.created(name, request.connections());
    List<PackageRequest> wanted = request.packages() == null ? List.of() : request.packages();
    for (PackageRequest one : wanted) {
      new PackageKey(name, Required.packageName(one));
    }
    return tags.alone(name, () -> create(name, request, declared, wanted, caller));
  }

  private ResponseEntity<ProjectResource> create(
      ProjectName name,
      ProjectRequest request,
      Map<ConnectionKey, ConnectionSettings> declared,
      List<PackageRequest> wanted,
      Caller caller) {
    StorageField storage = request.materializationStorage();
    StorageChange created =
        projects.create(
            name,
            storage == null ? null : StorageBody.read(storage.storage(), null),
            request.options(ProjectOptions.NONE));
    try {
      declared.forEach(connections::create);
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
      packages.remove(name, new Removal(null, false));
      throw e;
    }
    return ResponseEntity.created(URI.create(Api.projectPath(name.value())))
        .eTag(tags.of(name))
        .body(resource(created.project(), created.warnings(), caller));
  }

  @Allowed(Rule.READ)
  @GetMapping(path = Api.PROJECT, produces = "application/json")
  @Refused(work = Work.REACHES)
  @Operation(operationId = "getProject", summary = "Returns a project")
  ResponseEntity<ProjectResource> get(@PathVariable String projectName, Caller caller) {
    var name = new ProjectName(projectName);
    String tag = tags.of(name);
    return Tags.ok(tag, resource(name, caller));
  }

  @Allowed(Rule.ADMIN)
  @PatchMapping(path = Api.PROJECT, produces = "application/json")
  @Refused(
      work = {Work.CHANGES, Work.REACHES, Work.LOADS},
      value = {FaultCode.INVALID_STORAGE, FaultCode.INVALID_WEBHOOK, FaultCode.PRECONDITION_FAILED})
  @Operation(
      operationId = "updateProject",
      summary =
          "Changes a project's storage, givens or webhooks: absent keeps them, null switches the storage off, masked secrets are unchanged")
  ResponseEntity<ProjectResource> update(
      @PathVariable String projectName,
      @RequestBody ProjectRequest request,
      Caller caller,
      HttpServletRequest http) {
    var name = new ProjectName(projectName);
    return tags.change(
        http,
        name,
        () -> {
          ProjectResource updated = update(name, request, caller);
          return Tags.ok(tags.of(name), updated);
        });
  }

  private ProjectResource update(ProjectName name, ProjectRequest request, Caller caller) {
    Project project = projects.project(name);
    readOnly.require(name);
    String projectName = name.value();
    if (request.name() != null && !request.name().equals(projectName)) {
      throw new Fault(FaultCode.NOT_SUPPORTED, "A project can't be renamed");
    }
    if (request.packages() != null) {
      throw oneByOne("Packages", projectName, "packages");
    }
    if (request.connections() != null) {
      throw oneByOne("Connections", projectName, "connections");
    }
    ProjectOptions options = request.options(project.options());
    StorageField field = request.materializationStorage();
    List<String> warnings = List.of();
    if (field != null) {
      warnings =
          storages
              .change(project.name(), StorageBody.read(field.storage(), project.storage()))
              .warnings();
    }
    if (!options.equals(project.options())) {
      projects.change(project.name(), options);
    }
    return resource(projects.project(project.name()), warnings, caller);
  }

  private static Fault oneByOne(String what, String project, String path) {
    return new Fault(
        FaultCode.NOT_SUPPORTED,
        "%s are changed one by one under %s/%s".formatted(what, Api.projectPath(project), path));
  }

  @Allowed(Rule.ADMIN)
  @DeleteMapping(Api.PROJECT)
  @Refused(
      work = {Work.CHANGES, Work.REACHES},
      value = {FaultCode.PRECONDITION_FAILED, FaultCode.PACKAGE_STUCK, FaultCode.CONNECTION_IN_USE})
  @Operation(
      operationId = "deleteProject",
      summary =
          "Removes a project and its packages, their records and tables; of a shared one only what this server has of it")
  @ApiResponse(responseCode = "204", description = "Removed", content = @Content)
  @ApiResponse(
      responseCode = "202",
      description = Closing.DESCRIPTION,
      content =
          @Content(
              mediaType = "application/json",
              schema = @Schema(implementation = Closing.class)))
  ResponseEntity<Closing> delete(
      @PathVariable String projectName,
      @Parameter(
              description =
                  "False leaves tables and views: as somebody else's, or in a shared project as the other servers'. Default: true, false in a shared project")
          @RequestParam(required = false)
          @Nullable Boolean dropTables,
      @Parameter(description = "True stops RUNNING builds instead of answering 409")
          @RequestParam(defaultValue = "false")
          boolean stop,
      HttpServletRequest http) {
    var name = new ProjectName(projectName);
    readOnly.require(name);
    return Closing.answer(
        tags.change(http, name, () -> packages.remove(name, new Removal(dropTables, stop))));
  }

  ProjectResource resource(ProjectName name, Caller caller) {
    return resource(projects.project(name), List.of(), caller);
  }

  private ProjectResource resource(Project project, List<String> warnings, Caller caller) {
    ProjectName name = project.name();
    ProjectOptions options = project.options();
    return new ProjectResource(
        Api.projectPath(name.value()),
        name.value(),
        projects.packages(name).stream()
            .map(one -> new PackageRef(one.key().name().value(), one.location()))
            .toList(),
        ShownConnection.all(
            connections.get(new ConnectionKey(name, Engines.DUCKDB)), connections.list(name)),
        StorageResources.shown(project.storage()),
        options.givens().shown(),
        // A URL may let whoever knows it speak to its owner.
        caller.may(Role.ADMIN, name) ? WebhookResources.shown(options.webhooks()) : null,
        warnings);
  }
}
