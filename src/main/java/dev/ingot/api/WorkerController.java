package dev.ingot.api;

import dev.ingot.api.Allowed.Rule;
import dev.ingot.api.Refused.Work;
import dev.ingot.api.StatusResources.ServedResource;
import dev.ingot.api.StatusResources.WorkerResource;
import dev.ingot.manifest.ProjectWorkers;
import dev.ingot.manifest.Workers.Worker;
import dev.ingot.project.ProjectName;
import dev.ingot.project.ProjectService;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** The servers that work on a project. */
@RestController
@Tag(name = "projects")
class WorkerController {

  private final ProjectService projects;
  private final ProjectWorkers workers;

  WorkerController(ProjectService projects, ProjectWorkers workers) {
    this.projects = projects;
    this.workers = workers;
  }

  @Allowed(Rule.READ)
  @GetMapping(path = Api.PROJECT + "/workers", produces = "application/json")
  @Refused(work = Work.REACHES)
  @Operation(
      operationId = "listWorkers",
      summary = "Lists the live servers of a project and what each serves")
  List<WorkerResource> list(@PathVariable String projectName) {
    return resources(workers.of(projects.project(new ProjectName(projectName))));
  }

  static List<WorkerResource> resources(List<Worker> workers) {
    return workers.stream()
        .map(worker ->
            new WorkerResource(
                worker.id(),
                worker.name(),
                worker.version(),
                worker.startedAt(),
                worker.seenAt(),
                worker.self(),
                worker.packages().stream()
                    .map(one -> new ServedResource(one.packageName(), one.version()))
                    .toList()))
        .toList();
  }
}
