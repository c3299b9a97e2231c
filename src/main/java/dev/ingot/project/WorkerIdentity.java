package dev.ingot.project;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.info.BuildProperties;
import org.springframework.stereotype.Component;

/** Who this process is to the other servers of a project. */
@Component
public class WorkerIdentity {

  /** What every session of Ingot on a catalog is called, or begins with. */
  public static final String SESSIONS = "ingot";

  private static final Logger log = LoggerFactory.getLogger(WorkerIdentity.class);

  private final String id = UUID.randomUUID().toString();
  private final String name;
  private final String version;
  private final Instant startedAt;

  WorkerIdentity(WorkerSettings settings, BuildProperties build, Clock clock) {
    name = Objects.requireNonNullElseGet(settings.workerName(), WorkerIdentity::host);
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

  /** Another one after each start, so that no process is taken for one that is dead. */
  public String id() {
    return id;
  }

  /** What this server's sessions on a catalog are called there, so that others can tell. */
  public String sessions() {
    return SESSIONS + "/" + id;
  }

  /** For people; not necessarily unique. */
  public String name() {
    return name;
  }

  /** Ingot's. */
  public String version() {
    return version;
  }

  public Instant startedAt() {
    return startedAt;
  }
}
