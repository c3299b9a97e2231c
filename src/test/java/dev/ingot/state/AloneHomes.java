package dev.ingot.state;

import dev.ingot.project.ProjectName;

/** Every project is this server's own. */
record AloneHomes(LocalHome local) implements Homes {

  @Override
  public ControlHome of(ProjectName project) {
    return local;
  }
}
