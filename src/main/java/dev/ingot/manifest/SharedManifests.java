package dev.ingot.manifest;

import dev.ingot.project.PackageKey;
import java.util.Set;

/** What this server and the others of a shared project know of each other. */
public interface SharedManifests {

  /**
   * Writes down what queries of this server read, so that nobody forgets these versions. Nothing
   * happens in a project that isn't shared.
   *
   * @param versions those that queries still hold, too; none when the package is served no more
   * @param answers the one that new queries are answered from; 0 for none
   * @throws dev.ingot.fault.Fault CATALOG_UNAVAILABLE
   */
  void serving(PackageKey key, Set<Long> versions, long answers);

  /**
   * How often this server was away for so long that the others may have taken it for lost, and
   * dropped what it serves. It changes with the first look after such a time, before the catalog is
   * heard of again; while that is known not to answer, it stays.
   */
  long absences(PackageKey key);
}
