package dev.ingot.manifest;

import dev.ingot.project.ProjectName;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.info.BuildProperties;
import org.springframework.stereotype.Component;

/** This process as a worker; the only one of a project that isn't shared. */
@Component
public class ThisWorker implements Workers {

  private static final Logger log = LoggerFactory.getLogger(ThisWorker.class);

  private final String id = UUID.randomUUID().toString();
  private final String name;
  private final String version;
  private final Instant startedAt;
  private final ServedPackages served;
  private final Clock clock;

  ThisWorker(WorkerSettings settings, BuildProperties build, ServedPackages served, Clock clock) {
    this.served = served;
    this.clock = clock;
    name = Objects.requireNonNullElseGet(settings.workerName(), ThisWorker::host);
    version = String.valueOf(build.getVersion());
    startedAt = clock.instant();
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      log.info("The host has no name for ingot.worker-name", e);
      return "ingot";
    }
  }

  /** Another one after each start. */
  public String id() {
    return id;
  }

  /** As it is now. */
  public Worker in(ProjectName project) {
    List<Served> packages =
        served.versions(project).entrySet().stream()
            .map(entry -> new Served(entry.getKey(), entry.getValue()))
            .toList();
    return new Worker(id, name, version, startedAt, clock.instant(), true, packages);
  }

  @Override
  public List<Worker> workers(ProjectName project) {
    return List.of(in(project));
  }
}
