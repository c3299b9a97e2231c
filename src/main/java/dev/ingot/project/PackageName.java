package dev.ingot.project;

/** A package's name, unique in its project. */
public record PackageName(String value) {

  /** What {@link #value} matches. */
  public static final String PATTERN = ResourceName.PATTERN;

  /**
   * @throws dev.ingot.fault.Fault INVALID_NAME
   */
  public PackageName {
    ResourceName.require("Package", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
