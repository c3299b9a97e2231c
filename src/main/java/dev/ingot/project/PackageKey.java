package dev.ingot.project;

/** Which package: its project's name and its own. */
public record PackageKey(ProjectName project, PackageName name) {

  /**
   * @throws dev.ingot.fault.Fault INVALID_NAME
   */
  public static PackageKey of(String project, String name) {
    return new PackageKey(new ProjectName(project), new PackageName(name));
  }

  @Override
  public String toString() {
    return project + "/" + name;
  }
}
