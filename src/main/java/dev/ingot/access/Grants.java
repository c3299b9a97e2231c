package dev.ingot.access;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.fault.Printable;
import dev.ingot.project.ProjectName;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The roles that somebody has.
 *
 * @param roles by the name of the project, or {@link #EVERY} for all projects and the server itself
 */
public record Grants(Map<String, Role> roles) {

  /** Stands for all projects, those to come included. */
  public static final String EVERY = "*";

  public static final Grants NONE = new Grants(Map.of());
  public static final Grants ALL = new Grants(Map.of(EVERY, Role.ADMIN));

  /**
   * @throws Fault INVALID_NAME
   */
  public Grants {
    roles.keySet().stream().filter(name -> !name.equals(EVERY)).forEach(ProjectName::new);
    roles = Map.copyOf(roles);
  }

  /** The higher one of what is said of the project and of all. */
  public Optional<Role> on(ProjectName project) {
    return Stream.of(project.value(), EVERY)
        .flatMap(name -> Optional.ofNullable(roles.get(name)).stream())
        .reduce((one, other) -> one.includes(other) ? one : other);
  }

  /** Whether it is so in all projects. */
  public boolean everywhere(Role role) {
    Role mine = roles.get(EVERY);
    return mine != null && mine.includes(role);
  }

  /** Whether it is so in any project. */
  public boolean somewhere(Role role) {
    return roles.values().stream().anyMatch(mine -> mine.includes(role));
  }

  /** What both together have. */
  public Grants and(Grants other) {
    var all = new TreeMap<>(roles);
    other.roles.forEach(
        (name, role) -> all.merge(name, role, (one, two) -> one.includes(two) ? one : two));
    return new Grants(all);
  }

  /**
   * @param role as clients of the API name it
   * @throws Fault INVALID_NAME, BAD_REQUEST
   */
  public static Grants one(String project, String role) {
    return new Grants(
        Map.of(
            project,
            Role.of(role)
                .orElseThrow(() ->
                    new Fault(
                        FaultCode.BAD_REQUEST,
                        "A role is one of %s, not '%s'"
                            .formatted(Role.words(), Printable.of(role))))));
  }
}
