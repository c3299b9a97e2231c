package dev.ingot.state.store;

import dev.ingot.project.ProjectName;
import dev.ingot.state.ControlHome;
import dev.ingot.state.Homes;

/** Every project lies in the same home. */
record AloneHomes(ControlHome local) implements Homes {

  @Override
  public ControlHome of(ProjectName project) {
    return local;
  }
}
