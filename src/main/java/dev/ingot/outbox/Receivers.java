package dev.ingot.outbox;

import dev.ingot.project.ProjectName;
import java.util.List;

/** Who is told of a project's builds. */
public interface Receivers {

  List<? extends Receiver> of(ProjectName project);

  /** Whether they are told of what builds of projects came to that are gone. */
  default boolean outliveProjects() {
    return false;
  }
}
