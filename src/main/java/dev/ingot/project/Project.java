package dev.ingot.project;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A namespace of packages and connections.
 *
 * @param storage null while its state and tables are this server's own
 */
public record Project(
    ProjectName name, @Nullable MaterializationStorage storage, Instant createdAt) {

  public Project withStorage(@Nullable MaterializationStorage newStorage) {
    return new Project(name, newStorage, createdAt);
  }

  /** Whether other servers may work on it too. */
  public boolean isShared() {
    return storage != null;
  }
}
