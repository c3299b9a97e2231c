package dev.ingot.materialization;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.manifest.CutOver;
import dev.ingot.project.PackageKey;
import dev.ingot.project.ProjectService;
import org.springframework.stereotype.Component;

/** What is told of runs: whoever is told of a SUCCESS is answered from its tables (promise P11). */
@Component
class RunRecords {

  private final ProjectService projects;
  private final MaterializationStore store;
  private final CutOver cutOver;

  RunRecords(ProjectService projects, MaterializationStore store, CutOver cutOver) {
    this.projects = projects;
    this.store = store;
    this.cutOver = cutOver;
  }

  /**
   * @throws Fault PROJECT_NOT_FOUND, PACKAGE_NOT_FOUND, MATERIALIZATION_NOT_FOUND
   */
  Materialization get(PackageKey key, String id) {
    projects.find(key);
    return seen(store.find(key, id).orElseThrow(() -> unknown(key, id)));
  }

  /** For one that was read and is going to be told. */
  Materialization seen(Materialization run) {
    seen(run.key(), run.id(), run.status());
    return run;
  }

  void seen(PackageKey key, String id, MaterializationStatus status) {
    if (status == MaterializationStatus.SUCCESS) {
      cutOver.seen(key, id);
    }
  }

  static Fault unknown(PackageKey key, String id) {
    return new Fault(
        FaultCode.MATERIALIZATION_NOT_FOUND,
        "Package %s has no materialization '%s'".formatted(key, id));
  }
}
