package dev.ingot.state;

import dev.ingot.project.ProjectName;
import org.springframework.stereotype.Component;

/** Every project is this server's own. */
@Component
final class ProjectHomes implements Homes {

  private final LocalHome local;

  ProjectHomes(LocalHome local) {
    this.local = local;
  }

  @Override
  public ControlHome of(ProjectName project) {
    return local;
  }

  @Override
  public ControlHome local() {
    return local;
  }
}
