package dev.ingot.api;

import dev.ingot.access.Caller;
import dev.ingot.api.Allowed.Rule;
import dev.ingot.api.Refused.Work;
import dev.ingot.api.RunResources.ManifestEntryResource;
import dev.ingot.api.RunResources.ManifestResource;
import dev.ingot.api.RunResources.RollbackRequest;
import dev.ingot.api.RunResources.VersionResource;
import dev.ingot.engine.TableName;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.manifest.CutOver;
import dev.ingot.manifest.Generation;
import dev.ingot.manifest.LoadedPackage;
import dev.ingot.manifest.ManifestEntry;
import dev.ingot.manifest.ManifestStore;
import dev.ingot.manifest.ManifestVersion;
import dev.ingot.manifest.ManifestVersion.Cause;
import dev.ingot.manifest.PackageLoading;
import dev.ingot.manifest.ServedPackage;
import dev.ingot.manifest.ServedPackages;
import dev.ingot.materialization.ManifestHistory;
import dev.ingot.project.PackageKey;
import dev.ingot.project.ProjectService;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What is built of a package. */
@RestController
@Tag(name = "manifest")
class ManifestController {

  private static final String MANIFEST = Api.PACKAGE + "/manifest";

  private final ProjectService projects;
  private final ServedPackages served;
  private final PackageLoading loading;
  private final CutOver cutOver;
  private final ManifestStore store;
  private final ManifestHistory history;

  ManifestController(
      ProjectService projects,
      ServedPackages served,
      PackageLoading loading,
      CutOver cutOver,
      ManifestStore store,
      ManifestHistory history) {
    this.projects = projects;
    this.served = served;
    this.loading = loading;
    this.cutOver = cutOver;
    this.store = store;
    this.history = history;
  }

  @Allowed(Rule.READ)
  @GetMapping(path = MANIFEST, produces = "application/json")
  @Refused(work = {Work.REACHES, Work.LOADS})
  @Operation(
      operationId = "getManifest",
      summary = "Returns the current manifest version",
      description = "With names=physical a Malloy runtime can load it as it is")
  ManifestResource get(
      @PathVariable String projectName,
      @PathVariable String packageName,
      @Parameter(schema = @Schema(allowableValues = {"declared", "physical"}))
          @RequestParam(defaultValue = "declared")
          String names,
      Caller caller) {
    if (!names.equals("declared") && !names.equals("physical")) {
      throw new Fault(
          FaultCode.BAD_REQUEST, "'names' must be declared or physical, not '%s'".formatted(names));
    }
    PackageKey key = PackageKey.of(projectName, packageName);
    return resource(key, names.equals("physical"), shown(caller, key));
  }

  @Allowed(Rule.BUILD)
  @PostMapping(path = MANIFEST + "/reload", produces = "application/json")
  @Refused(work = {Work.REACHES, Work.LOADS})
  @Operation(
      operationId = "reloadManifest",
      summary = "Reads the folder and the current version again, and serves them")
  ManifestResource reload(@PathVariable String projectName, @PathVariable String packageName) {
    PackageKey key = PackageKey.of(projectName, packageName);
    loading.reload(key);
    return resource(key, false, buildId -> true);
  }

  @Allowed(Rule.BUILD)
  @PostMapping(path = MANIFEST + "/load", produces = "application/json")
  @Refused(work = {Work.REACHES, Work.LOADS})
  @Operation(operationId = "loadManifest", summary = "The older name of reload", deprecated = true)
  ManifestResource load(@PathVariable String projectName, @PathVariable String packageName) {
    return reload(projectName, packageName);
  }

  @Allowed(Rule.BUILD)
  @PostMapping(path = MANIFEST, produces = "application/json")
  @Refused(work = {Work.REACHES, Work.LOADS})
  @Operation(operationId = "actOnManifest", summary = "Another way to write /reload")
  ManifestResource act(
      @PathVariable String projectName,
      @PathVariable String packageName,
      @Parameter(schema = @Schema(allowableValues = {"reload"})) @RequestParam String action) {
    if (!action.equals("reload")) {
      throw new Fault(FaultCode.BAD_REQUEST, "'action' must be reload, not '%s'".formatted(action));
    }
    return reload(projectName, packageName);
  }

  @Allowed(Rule.READ)
  @GetMapping(path = MANIFEST + "/versions", produces = "application/json")
  @Refused(work = {Work.REACHES, Work.LOADS})
  @Operation(
      operationId = "listManifestVersions",
      summary = "Lists the retained manifest versions, newest first")
  List<VersionResource> versions(
      @PathVariable String projectName, @PathVariable String packageName, Caller caller) {
    PackageKey key = PackageKey.of(projectName, packageName);
    List<ManifestVersion> versions = history.versions(key);
    Predicate<String> shown = shown(caller, key);
    return versions.stream()
        .map(version -> resource(version, version.equals(versions.getFirst()), shown))
        .toList();
  }

  @Allowed(Rule.BUILD)
  @PostMapping(path = MANIFEST + "/rollback", produces = "application/json")
  @Refused(
      work = {Work.REACHES, Work.LOADS},
      value = {FaultCode.ROLLBACK_REFUSED, FaultCode.VERSION_NOT_FOUND, FaultCode.ANOTHER_RUNNING})
  @Operation(
      operationId = "rollbackManifest",
      summary = "Makes an earlier version current again, and serves it")
  ManifestResource rollBack(
      @PathVariable String projectName,
      @PathVariable String packageName,
      @RequestBody(required = false) @Nullable RollbackRequest request) {
    PackageKey key = PackageKey.of(projectName, packageName);
    history.rollBack(
        key,
        request == null ? null : request.version(),
        request != null && Boolean.TRUE.equals(request.force()));
    return resource(key, false, buildId -> true);
  }

  private Predicate<String> shown(Caller caller, PackageKey key) {
    return ShownTables.to(caller, key.project(), () -> served.get(key).content());
  }

  private static VersionResource resource(
      ManifestVersion version, boolean current, Predicate<String> shown) {
    Cause cause = version.cause();
    return new VersionResource(
        version.number(),
        current,
        switch (cause) {
          case Cause.Run run -> "RUN";
          case Cause.Rollback rollback -> "ROLLBACK";
          case Cause.Teardown teardown -> "TEARDOWN";
        },
        cause instanceof Cause.Run(String id) ? id : null,
        cause instanceof Cause.Rollback(long restored) ? restored : null,
        version.publishedAt(),
        version.entries().stream()
            .filter(entry -> shown.test(entry.buildId()))
            .map(entry -> entry.generation().table().toString())
            .toList());
  }

  private ManifestResource resource(PackageKey key, boolean physical, Predicate<String> shown) {
    ServedPackage now = served.get(key);
    Optional<ManifestVersion> version = store.current(key);
    version.ifPresent(cutOver::seen);
    var entries = new LinkedHashMap<String, ManifestEntryResource>();
    version.ifPresent(current ->
        current.entries().stream()
            .filter(entry -> shown.test(entry.buildId()))
            .forEach(entry -> entries.put(entry.buildId(), entry(now.content(), entry, physical))));
    return new ManifestResource(
        entries,
        projects.find(key).strict(),
        version.map(ManifestVersion::number).orElse(0L),
        now.versionNumber());
  }

  private static ManifestEntryResource entry(
      LoadedPackage content, ManifestEntry entry, boolean physical) {
    Generation generation = entry.generation();
    TableName table = generation.table();
    return new ManifestEntryResource(
        entry.buildId(),
        physical ? table.toString() : content.said(generation.connection(), entry.declared()),
        entry.declared().toString(),
        table.toString(),
        generation.connection(),
        entry.sourceNames(),
        generation.rows(),
        generation.builtAt(),
        generation.runId());
  }
}
