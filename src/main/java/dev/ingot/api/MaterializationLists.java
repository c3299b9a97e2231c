package dev.ingot.api;

import dev.ingot.access.Caller;
import dev.ingot.api.Allowed.Rule;
import dev.ingot.api.Refused.Work;
import dev.ingot.api.RunResources.MaterializationResource;
import dev.ingot.materialization.Materialization;
import dev.ingot.materialization.MaterializationService;
import dev.ingot.materialization.MaterializationStatus;
import dev.ingot.project.PackageKey;
import dev.ingot.project.ProjectName;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Lists of builds, in pages that neither repeat nor leave out one while others come and go. */
@RestController
@Tag(name = "materializations")
class MaterializationLists {

  private static final String RUNS = "/materializations";
  private static final String LIMIT = "At most 1000";
  private static final String STATUS = "Only builds in one of these states";
  private static final String AFTER = "Only builds that were created after this moment (RFC 3339)";
  private static final String BEFORE = "Only builds that were created before this moment";
  private static final String CURSOR = "Where the page before ended, from its Link";
  private static final String OFFSET =
      "How many are left out; a cursor doesn't slip while builds come and go";
  private static final String NEXT = "The next page, rel=\"next\", when there is one";

  private final MaterializationService service;
  private final ShownRuns shown;

  MaterializationLists(MaterializationService service, ShownRuns shown) {
    this.service = service;
    this.shown = shown;
  }

  @Allowed(Rule.READ)
  @GetMapping(path = Api.PACKAGE + RUNS, produces = "application/json")
  @Refused(work = {Work.REACHES, Work.LOADS})
  @Operation(operationId = "listMaterializations", summary = "Lists builds, newest first")
  @ApiResponse(
      responseCode = "200",
      description = "OK",
      headers = @Header(name = "Link", description = NEXT, schema = @Schema(type = "string")))
  ResponseEntity<List<MaterializationResource>> ofPackage(
      @PathVariable String projectName,
      @PathVariable String packageName,
      @Parameter(description = LIMIT) @RequestParam(defaultValue = "50") int limit,
      @Parameter(description = OFFSET) @RequestParam(defaultValue = "0") int offset,
      @Parameter(description = CURSOR) @RequestParam(required = false) @Nullable String cursor,
      @Parameter(
              description = STATUS,
              array = @ArraySchema(schema = @Schema(implementation = MaterializationStatus.class)))
          @RequestParam(required = false)
          @Nullable List<String> status,
      @Parameter(description = AFTER, schema = @Schema(type = "string", format = "date-time"))
          @RequestParam(required = false)
          @Nullable String createdAfter,
      @Parameter(description = BEFORE, schema = @Schema(type = "string", format = "date-time"))
          @RequestParam(required = false)
          @Nullable String createdBefore,
      Caller caller) {
    PackageKey key = PackageKey.of(projectName, packageName);
    var page = RunPage.of(limit, offset, cursor, status, createdAfter, createdBefore);
    return answer(
        caller,
        Api.packagePath(key) + RUNS,
        page,
        service.list(key, page.filter(), page.after(), limit, offset));
  }

  @Allowed(Rule.READ)
  @GetMapping(path = Api.PROJECT + RUNS, produces = "application/json")
  @Refused(work = {Work.REACHES, Work.LOADS})
  @Operation(
      operationId = "listProjectMaterializations",
      summary = "Lists the builds of all packages of a project, newest first")
  @ApiResponse(
      responseCode = "200",
      description = "OK",
      headers = @Header(name = "Link", description = NEXT, schema = @Schema(type = "string")))
  ResponseEntity<List<MaterializationResource>> ofProject(
      @PathVariable String projectName,
      @Parameter(description = LIMIT) @RequestParam(defaultValue = "50") int limit,
      @Parameter(description = OFFSET) @RequestParam(defaultValue = "0") int offset,
      @Parameter(description = CURSOR) @RequestParam(required = false) @Nullable String cursor,
      @Parameter(
              description = STATUS,
              array = @ArraySchema(schema = @Schema(implementation = MaterializationStatus.class)))
          @RequestParam(required = false)
          @Nullable List<String> status,
      @Parameter(description = AFTER, schema = @Schema(type = "string", format = "date-time"))
          @RequestParam(required = false)
          @Nullable String createdAfter,
      @Parameter(description = BEFORE, schema = @Schema(type = "string", format = "date-time"))
          @RequestParam(required = false)
          @Nullable String createdBefore,
      Caller caller) {
    var project = new ProjectName(projectName);
    var page = RunPage.of(limit, offset, cursor, status, createdAfter, createdBefore);
    return answer(
        caller,
        Api.projectPath(projectName) + RUNS,
        page,
        service.list(project, page.filter(), page.after(), limit, offset));
  }

  private ResponseEntity<List<MaterializationResource>> answer(
      Caller caller, String path, RunPage asked, MaterializationService.Page page) {
    var headers = new HttpHeaders();
    if (page.more()) {
      Materialization last = page.runs().getLast();
      headers.add(HttpHeaders.LINK, "<%s?%s>; rel=\"next\"".formatted(path, asked.next(last)));
    }
    return ResponseEntity.ok()
        .headers(headers)
        .body(page.runs().stream().map(run -> RunBody.shown(shown.to(caller, run))).toList());
  }
}
