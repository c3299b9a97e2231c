package dev.ingot.manifest;

import dev.ingot.project.PackageKey;
import java.util.Set;

/** What the other servers of a shared project are told about what this one serves. */
public interface SharedManifests {

  /**
   * Writes down what queries of this server read, so that nobody forgets these versions. Nothing
   * happens in a project that isn't shared.
   *
   * @param versions those that queries still hold, too
   * @param answers the one that new queries are answered from; 0 for none
   * @throws dev.ingot.fault.Fault CATALOG_UNAVAILABLE
   */
  void serving(PackageKey key, Set<Long> versions, long answers);

  /**
   * Whether this server was away for so long that the others may take it for lost and may have
   * dropped what it serves. Asked before each query; at most one of many is told so at once.
   */
  boolean wasAway(PackageKey key);
}
