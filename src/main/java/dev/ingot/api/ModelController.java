package dev.ingot.api;

import dev.ingot.access.Caller;
import dev.ingot.api.Allowed.Rule;
import dev.ingot.api.Refused.Work;
import dev.ingot.api.Resources.GivenResource;
import dev.ingot.api.Resources.ModelRef;
import dev.ingot.api.Resources.ModelResource;
import dev.ingot.compile.MalloyCompiler;
import dev.ingot.compile.ModelReport;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.fault.Problem;
import dev.ingot.manifest.LoadedPackage;
import dev.ingot.manifest.ServedPackages;
import dev.ingot.project.PackageKey;
import dev.ingot.project.ProjectName;
import dev.ingot.project.ProjectService;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** The models of a package, as they are served. */
@RestController
@Tag(name = "models")
class ModelController {

  private final ServedPackages served;
  private final MalloyCompiler compiler;
  private final ProjectService projects;

  ModelController(ServedPackages served, MalloyCompiler compiler, ProjectService projects) {
    this.served = served;
    this.projects = projects;
    this.compiler = compiler;
  }

  @Allowed(Rule.READ)
  @GetMapping(path = Api.PACKAGE + "/models", produces = "application/json")
  @Refused(work = {Work.REACHES, Work.LOADS})
  @Operation(
      operationId = "listModels",
      summary = "Lists a package's models, or those that its publisher.json explores")
  List<ModelRef> list(@PathVariable String projectName, @PathVariable String packageName) {
    PackageKey key = PackageKey.of(projectName, packageName);
    LoadedPackage content = served.get(key).content();
    Set<String> listed = Set.copyOf(content.snapshot().listed());
    return content.compiled().models().stream()
        .filter(model -> listed.contains(model.path()))
        .map(model ->
            new ModelRef(
                resource(key, model.path()),
                packageName,
                model.path(),
                model.problems().stream()
                    .filter(Problem::isError)
                    .map(Problem::text)
                    .findFirst()
                    .orElse(null)))
        .toList();
  }

  @Allowed(Rule.READ)
  @GetMapping(path = Api.MODEL, produces = "application/json")
  @Refused(
      work = {Work.REACHES, Work.LOADS},
      value = FaultCode.MODEL_NOT_FOUND)
  @Operation(
      operationId = "getModel",
      summary = "Returns a compiled model",
      description = "The path may be nested: models/reports/daily.malloy")
  ModelResource get(
      @PathVariable String projectName,
      @PathVariable String packageName,
      @PathVariable String path,
      Caller caller) {
    PackageKey key = PackageKey.of(projectName, packageName);
    LoadedPackage content = served.get(key).content();
    ModelReport report = content.model(path);
    JsonNode info = report.modelInfo();
    if (!report.ok() || info == null) {
      throw new Fault(
          FaultCode.MODEL_INVALID,
          report.problems().stream()
              .filter(Problem::isError)
              .map(Problem::text)
              .findFirst()
              .orElse(path + " doesn't compile"),
          problems(caller, key.project(), content, report));
    }
    var sourceInfos = new ArrayList<String>();
    for (JsonNode entry : info.path("entries")) {
      if (entry.path("kind").asString("").equals("source")) {
        sourceInfos.add(entry.toString());
      }
    }
    return new ModelResource(
        resource(key, path),
        packageName,
        path,
        compiler.malloyVersion(),
        info.toString(),
        sourceInfos,
        report.queries(),
        report.sources(),
        givens(key.project(), report),
        report.persistence(),
        problems(caller, key.project(), content, report));
  }

  private static List<Problem> problems(
      Caller caller, ProjectName project, LoadedPackage content, ModelReport report) {
    if (!ShownTables.all(caller, project)) {
      return report.problems();
    }
    var texts = content.snapshot().models();
    return report.problems().stream().map(problem -> problem.in(texts)).toList();
  }

  private List<GivenResource> givens(ProjectName project, ModelReport report) {
    Set<String> bound = projects.options(project).givens().claims().keySet();
    return report.givens().stream()
        .map(given ->
            new GivenResource(
                given.name(),
                given.type(),
                given.annotations(),
                given.defaultText(),
                bound.contains(given.name()) || bound.contains(given.declaredName())))
        .toList();
  }

  private static String resource(PackageKey key, String path) {
    return Api.packagePath(key) + "/models/" + path;
  }
}
