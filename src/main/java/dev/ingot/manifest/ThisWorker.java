package dev.ingot.manifest;

import dev.ingot.project.ProjectName;
import dev.ingot.project.WorkerIdentity;
import java.time.Clock;
import java.util.List;
import org.springframework.stereotype.Component;

/** This process as a worker; the only one of a project that isn't shared. */
@Component
public class ThisWorker implements Workers {

  private final WorkerIdentity identity;
  private final ServedPackages served;
  private final Clock clock;

  ThisWorker(WorkerIdentity identity, ServedPackages served, Clock clock) {
    this.identity = identity;
    this.served = served;
    this.clock = clock;
  }

  @Override
  public List<Worker> workers(ProjectName project) {
    List<Served> packages =
        served.versions(project).entrySet().stream()
            .map(entry -> new Served(entry.getKey(), entry.getValue()))
            .toList();
    return List.of(
        new Worker(
            identity.id(),
            identity.name(),
            identity.version(),
            identity.startedAt(),
            clock.instant(),
            true,
            packages));
  }
}
