package dev.ingot.manifest;

import dev.ingot.project.ProjectName;
import java.time.Instant;
import java.util.List;

/** The servers that work on a project. */
public interface Workers {

  /**
   * Those that are alive, by name, this one among them.
   *
   * @throws dev.ingot.fault.Fault CATALOG_UNAVAILABLE when the others can't be known now
   */
  List<Worker> workers(ProjectName project);

  /**
   * One process.
   *
   * @param id its own for as long as it runs
   * @param name for people; not necessarily unique
   * @param version Ingot's
   * @param seenAt when it was last known to be alive
   * @param self whether it is the one that answers
   */
  record Worker(
      String id,
      String name,
      String version,
      Instant startedAt,
      Instant seenAt,
      boolean self,
      List<Served> packages) {}

  /**
   * A package that a worker answers queries of.
   *
   * @param version of the manifest; 0 before the first
   */
  record Served(String packageName, long version) {}
}
