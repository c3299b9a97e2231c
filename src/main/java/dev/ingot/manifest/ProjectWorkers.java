package dev.ingot.manifest;

import dev.ingot.fault.Fault;
import dev.ingot.project.Project;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** The workers of each project, from where that project's state lies. */
@Component
public class ProjectWorkers {

  private static final Logger log = LoggerFactory.getLogger(ProjectWorkers.class);

  private final ThisWorker self;
  private final ObjectProvider<SharedWorkers> shared;

  ProjectWorkers(ThisWorker self, ObjectProvider<SharedWorkers> shared) {
    this.self = self;
    this.shared = shared;
  }

  /**
   * @throws Fault CATALOG_UNAVAILABLE
   */
  public List<Workers.Worker> of(Project project) {
    Workers workers = project.isShared() ? shared.getIfAvailable() : self;
    return (workers == null ? self : workers).workers(project.name());
  }

  /** The same; only this one when the others can't be known now. */
  public List<Workers.Worker> known(Project project) {
    try {
      return of(project);
    } catch (Fault e) {
      log.debug("The workers of {} are not known", project.name(), e);
      return self.workers(project.name());
    }
  }
}
