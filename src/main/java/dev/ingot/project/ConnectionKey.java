package dev.ingot.project;

/** A connection's identity. */
public record ConnectionKey(ProjectName project, String name) {

  /** What {@link #name} matches. */
  public static final String PATTERN = ResourceName.PATTERN;

  /**
   * @throws dev.ingot.fault.Fault INVALID_NAME
   */
  public ConnectionKey {
    ResourceName.require("Connection", name);
  }

  @Override
  public String toString() {
    return project + "/" + name;
  }
}
