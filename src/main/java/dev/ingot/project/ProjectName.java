package dev.ingot.project;

/** A project's name; it is the project's identity. */
public record ProjectName(String value) {

  /** What {@link #value} matches. */
  public static final String PATTERN = ResourceName.PATTERN;

  /**
   * @throws dev.ingot.fault.Fault INVALID_NAME
   */
  public ProjectName {
    ResourceName.require("Project", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
