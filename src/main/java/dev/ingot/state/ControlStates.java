package dev.ingot.state;

import dev.ingot.project.PackageKey;
import dev.ingot.project.ProjectName;

/** Where the state of each project lies. */
public interface ControlStates {

  ControlState of(ProjectName project);

  default ControlState of(PackageKey key) {
    return of(key.project());
  }

  /** The state file, which keeps what is this server's own whatever the project is. */
  ControlState local();
}
