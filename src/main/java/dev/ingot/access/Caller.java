package dev.ingot.access;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.project.ProjectName;
import java.util.Map;

/**
 * Who asks.
 *
 * @param id what tells them from all others, such as {@code key:4f2a…}
 * @param name for people
 * @param claims what their key or token says of them
 */
public record Caller(String id, String name, Grants grants, Map<String, Object> claims) {

  /** Whoever reaches a server that asks nobody who they are. */
  public static final Caller LOCAL = new Caller("local", "local", Grants.ALL, Map.of());

  /** Who doesn't say who he is. */
  public static final Caller NOBODY = new Caller("nobody", "nobody", Grants.NONE, Map.of());

  public Caller {
    claims = Map.copyOf(claims);
  }

  /** Whether they may know that there is such a project. */
  public boolean sees(ProjectName project) {
    return grants.on(project).isPresent();
  }

  /** Whether they have this role in a project, or one that includes it. */
  public boolean may(Role role, ProjectName project) {
    return grants.on(project).filter(mine -> mine.includes(role)).isPresent();
  }

  /**
   * @throws Fault PROJECT_NOT_FOUND for who may not even know of it, FORBIDDEN
   */
  public void require(Role role, ProjectName project) {
    Role mine = grants.on(project).orElseThrow(() -> project.notFound());
    if (!mine.includes(role)) {
      throw new Fault(
          FaultCode.FORBIDDEN,
          "This needs the role '%s' in project '%s'; yours is '%s'"
              .formatted(role.word(), project, mine.word()));
    }
  }

  /**
   * @throws Fault FORBIDDEN
   */
  public void requireEverywhere(Role role) {
    if (!grants.everywhere(role)) {
      throw new Fault(
          FaultCode.FORBIDDEN, "This needs the role '%s' in all projects".formatted(role.word()));
    }
  }

  /**
   * @throws Fault FORBIDDEN
   */
  public void requireSomewhere(Role role) {
    if (!grants.somewhere(role)) {
      throw new Fault(
          FaultCode.FORBIDDEN, "This needs the role '%s' in any project".formatted(role.word()));
    }
  }

  /** Without the claims. */
  @Override
  public String toString() {
    return "%s (%s)".formatted(name, id);
  }
}
