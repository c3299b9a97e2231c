package dev.ingot.state;

import dev.ingot.project.PackageKey;
import dev.ingot.project.ProjectName;

/** Where the state of each project lies. */
public interface Homes {

  ControlHome of(ProjectName project);

  default ControlHome of(PackageKey key) {
    return of(key.project());
  }

  /** The state file, which keeps what is this server's own whatever the project is. */
  ControlHome local();
}
