package dev.ingot.project;

import java.util.List;
import java.util.Optional;

/** Where registrations are kept. Every method is one transaction. */
public interface ProjectStore {

  List<Project> projects();

  List<ProjectName> names();

  Optional<Project> project(ProjectName name);

  /** False when the name is taken. */
  boolean insert(Project project);

  /**
   * What a project has beside its storage; none where there is no such project. Asked for each
   * query, so it is answered from memory.
   */
  ProjectOptions options(ProjectName name);

  /** Changes these, and nothing else. False when there is no such project. */
  boolean change(ProjectName name, ProjectOptions options);

  /**
   * Changes a project's storage. False when there is none.
   *
   * @throws dev.ingot.fault.Fault PACKAGE_BUSY while a run is RUNNING in this server's own state
   */
  boolean update(Project project);

  /** Removes a project without packages. False when there is none, or it has packages. */
  boolean delete(ProjectName name);

  List<PackageRegistration> packages(ProjectName project);

  Optional<PackageRegistration> find(PackageKey key);

  /** False when the name is taken. */
  boolean insert(PackageRegistration registration);

  /**
   * False when there is none.
   *
   * @throws dev.ingot.fault.Fault PACKAGE_BUSY when the folder changes while a run is RUNNING
   */
  boolean update(PackageRegistration registration);

  /** Changes the folder that the location leads to, and nothing else. False when there is none. */
  boolean updateFolder(PackageRegistration registration);

  /**
   * Removes only the package's registration: its records are other servers' too. False when there
   * is none.
   */
  boolean unregister(PackageKey key);

  /**
   * Removes the package with its runs and manifest versions. False when there is none.
   *
   * @param disown with the records of its tables and views
   * @throws dev.ingot.fault.Fault PACKAGE_BUSY while a run is RUNNING
   */
  boolean delete(PackageKey key, boolean disown);
}
