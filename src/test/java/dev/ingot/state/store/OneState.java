package dev.ingot.state.store;

import dev.ingot.project.ProjectName;
import dev.ingot.state.ControlState;
import dev.ingot.state.ControlStates;

/** Every project lies in the same place. */
record OneState(ControlState local) implements ControlStates {

  @Override
  public ControlState of(ProjectName project) {
    return local;
  }
}
