package dev.ingot.project;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A namespace of packages and connections.
 *
 * @param storage null while its state and tables are this server's own
 */
public record Project(
    ProjectName name,
    @Nullable MaterializationStorage storage,
    ProjectOptions options,
    Instant createdAt) {

  /** One that has nothing beside it. */
  public Project(ProjectName name, @Nullable MaterializationStorage storage, Instant createdAt) {
    this(name, storage, ProjectOptions.NONE, createdAt);
  }

  public Project withStorage(@Nullable MaterializationStorage newStorage) {
    return new Project(name, newStorage, options, createdAt);
  }

  /** Whether other servers may work on it too. */
  public boolean isShared() {
    return storage != null;
  }
}
