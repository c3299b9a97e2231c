package dev.ingot.project;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;

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

  /** The same whether there is none or it may not be known. */
  public Fault notFound() {
    return new Fault(
        FaultCode.PROJECT_NOT_FOUND,
        "There is no project '%s'; GET /api/v0/projects lists them".formatted(value));
  }

  @Override
  public String toString() {
    return value;
  }
}
