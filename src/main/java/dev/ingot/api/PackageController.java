package dev.ingot.api;

import dev.ingot.access.Caller;
import dev.ingot.access.Role;
import dev.ingot.api.Allowed.Rule;
import dev.ingot.api.Refused.Work;
import dev.ingot.api.Resources.PackageChange;
import dev.ingot.api.Resources.PackageResource;
import dev.ingot.body.PackageRequest;
import dev.ingot.body.Required;
import dev.ingot.configuration.ReadOnly;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.manifest.PackageContents;
import dev.ingot.manifest.PackageLoading;
import dev.ingot.manifest.ServedPackage;
import dev.ingot.manifest.ServedPackages;
import dev.ingot.materialization.PackageLifecycle;
import dev.ingot.materialization.Removal;
import dev.ingot.project.PackageKey;
import dev.ingot.project.PackageRegistration;
import dev.ingot.project.ProjectName;
import dev.ingot.project.ProjectService;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.List;
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

/** Packages of a project. */
@RestController
@Tag(name = "packages")
class PackageController {

  private final ProjectService projects;
  private final PackageLifecycle packages;
  private final PackageContents contents;
  private final ServedPackages served;
  private final PackageLoading loading;
  private final Tags tags;
  private final ReadOnly readOnly;

  PackageController(
      ProjectService projects,
      PackageLifecycle packages,
      PackageContents contents,
      ServedPackages served,
      PackageLoading loading,
      Tags tags,
      ReadOnly readOnly) {
    this.projects = projects;
    this.packages = packages;
    this.contents = contents;
    this.served = served;
    this.loading = loading;
    this.tags = tags;
    this.readOnly = readOnly;
  }

  @Allowed(Rule.READ)
  @GetMapping(path = Api.PROJECT + "/packages", produces = "application/json")
  @Refused(work = Work.REACHES)
  @Operation(operationId = "listPackages", summary = "Lists a project's packages")
  List<PackageResource> list(@PathVariable String projectName) {
    return projects.packages(new ProjectName(projectName)).stream().map(this::resource).toList();
  }

  @Allowed(Rule.ADMIN)
  @Idempotent
  @PostMapping(path = Api.PROJECT + "/packages", produces = "application/json")
  @Refused(
      work = {Work.CHANGES, Work.REACHES, Work.LOADS},
      value = {FaultCode.INVALID_NAME, FaultCode.PACKAGE_EXISTS})
  @Operation(
      operationId = "createPackage",
      summary = "Registers a folder as a package and serves it")
  @ApiResponse(responseCode = "201", description = "Created")
  ResponseEntity<PackageResource> create(
      @PathVariable String projectName,
      @Parameter(description = "False serves it without its tables until a reload")
          @RequestParam(defaultValue = "true")
          boolean autoLoadManifest,
      @RequestBody PackageRequest request) {
    var key = new PackageKey(new ProjectName(projectName), Required.packageName(request));
    readOnly.require(key);
    String location = Required.field("location", request.location());
    return tags.alone(
        key.project(),
        () -> {
          PackageRegistration created =
              packages.register(
                  key,
                  location,
                  request.description(),
                  Boolean.TRUE.equals(request.strict()),
                  autoLoadManifest);
          PackageResource resource = resource(created);
          return ResponseEntity.created(URI.create(Api.packagePath(key)))
              .eTag(Tags.with(tags.of(key), resource))
              .body(resource);
        });
  }

  @Allowed(Rule.READ)
  @GetMapping(path = Api.PACKAGE, produces = "application/json")
  @Refused(work = {Work.REACHES, Work.LOADS})
  @Operation(operationId = "getPackage", summary = "Returns a package")
  ResponseEntity<PackageResource> get(
      @PathVariable String projectName,
      @PathVariable String packageName,
      @Parameter(description = "True reads the folder and the current version again first")
          @RequestParam(defaultValue = "false")
          boolean reload,
      Caller caller) {
    PackageKey key = PackageKey.of(projectName, packageName);
    projects.find(key);
    if (reload) {
      caller.require(Role.BUILD, key.project());
      loading.reload(key);
    }
    return tagged(tags.of(key), resource(projects.find(key)));
  }

  private static ResponseEntity<PackageResource> tagged(String revision, PackageResource resource) {
    return Tags.ok(Tags.with(revision, resource), resource);
  }

  @Allowed(Rule.ADMIN)
  @PatchMapping(path = Api.PACKAGE, produces = "application/json")
  @Refused(
      work = {Work.CHANGES, Work.REACHES, Work.LOADS},
      value = FaultCode.PRECONDITION_FAILED)
  @Operation(
      operationId = "updatePackage",
      summary = "Moves or describes a package, or makes it strict")
  ResponseEntity<PackageResource> update(
      @PathVariable String projectName,
      @PathVariable String packageName,
      @RequestBody PackageChange request,
      HttpServletRequest http) {
    PackageKey key = PackageKey.of(projectName, packageName);
    readOnly.require(key);
    if (request.name() != null && !request.name().equals(packageName)) {
      throw new Fault(FaultCode.NOT_SUPPORTED, "A package can't be renamed");
    }
    return tags.change(
        http,
        key,
        () -> {
          PackageRegistration changed =
              packages.change(key, request.location(), request.description(), request.strict());
          return tagged(tags.of(key), resource(changed));
        });
  }

  @Allowed(Rule.ADMIN)
  @DeleteMapping(Api.PACKAGE)
  @Refused(
      work = {Work.CHANGES, Work.REACHES},
      value = {FaultCode.PRECONDITION_FAILED, FaultCode.PACKAGE_STUCK})
  @Operation(
      operationId = "deletePackage",
      summary =
          "Removes a package, its records and its tables; in a shared project only what this server has of it. Its folder stays")
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
      @PathVariable String packageName,
      @Parameter(
              description =
                  "False leaves tables and views: as somebody else's, or in a shared project as the other servers'. Default: true, false in a shared project")
          @RequestParam(required = false)
          @Nullable Boolean dropTables,
      @Parameter(description = "True stops a RUNNING build instead of answering 409")
          @RequestParam(defaultValue = "false")
          boolean stop,
      HttpServletRequest http) {
    PackageKey key = PackageKey.of(projectName, packageName);
    readOnly.require(key);
    return Closing.answer(
        tags.change(
            http,
            key,
            () -> packages.remove(key, new Removal(dropTables, stop)).stream().toList()));
  }

  private PackageResource resource(PackageRegistration registration) {
    PackageKey key = registration.key();
    String servedHash = null;
    String folderHash = null;
    String description = registration.description();
    long version = 0;
    String error = null;
    boolean moved = false;
    try {
      ServedPackage now = served.get(key);
      servedHash = now.content().snapshot().hash();
      version = now.versionNumber();
      description =
          description == null ? now.content().snapshot().manifest().description() : description;
      PackageRegistration followed = projects.followed(registration);
      moved = !followed.folder().equals(now.content().snapshot().folder());
      folderHash = contents.folderHash(followed);
    } catch (Fault e) {
      // A package that can't be read is still there to be looked at and mended.
      error = e.detail();
    }
    boolean stale = servedHash != null && (moved || !servedHash.equals(folderHash));
    return new PackageResource(
        Api.packagePath(key),
        key.project().value(),
        key.name().value(),
        registration.location(),
        description,
        registration.strict(),
        servedHash,
        folderHash,
        stale,
        version,
        error);
  }
}
