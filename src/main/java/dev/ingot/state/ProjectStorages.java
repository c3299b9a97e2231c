package dev.ingot.state;

import dev.ingot.project.MaterializationStorage;
import dev.ingot.project.ProjectName;
import java.util.Optional;
import java.util.function.Consumer;

/** The storages of the projects that are registered here. */
public interface ProjectStorages {

  /** Empty for a project that isn't shared, and for one that isn't registered. */
  Optional<MaterializationStorage> storage(ProjectName project);

  /** Who is told of a project whose storage may be another one now. */
  void onChange(Consumer<ProjectName> listener);
}
