package dev.ingot.state;

import dev.ingot.project.ProjectName;

/** Every project lies in the same home. */
record AloneHomes(ControlHome local) implements Homes {

  @Override
  public ControlHome of(ProjectName project) {
    return local;
  }
}
