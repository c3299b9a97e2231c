package dev.ingot.plan;

import dev.ingot.manifest.Generation;
import dev.ingot.manifest.ManifestEntry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the base has that the next version may keep.
 *
 * @param usable entries whose tables are there and were built over the data that is planned for
 * @param free those of them whose name and whose BuildID no target of today takes; only where some
 *     sources were selected
 */
public record Earlier(List<ManifestEntry> usable, List<ManifestEntry> free) {

  static final Earlier NOTHING = new Earlier(List.of(), List.of());

  public Earlier {
    usable = List.copyOf(usable);
    free = List.copyOf(free);
  }

  /**
   * Those of the free ones whose inputs the next version has.
   *
   * @param ids of the generations that it has besides
   */
  List<ManifestEntry> carried(Set<String> ids) {
    var carried = new ArrayList<ManifestEntry>(free);
    boolean dropped;
    do {
      var there = new HashSet<>(ids);
      carried.forEach(entry -> there.add(entry.generation().id()));
      dropped = carried.removeIf(entry -> !there.containsAll(entry.generation().inputs()));
    } while (dropped);
    return carried;
  }

  /**
   * The table that a target goes on with when no new one could be built, if its inputs are those of
   * the next version.
   *
   * @param ids of the generations that the next version has of what the target reads
   */
  Optional<Generation> goesOn(String buildId, Set<String> ids) {
    return usable.stream()
        .map(ManifestEntry::generation)
        .filter(generation -> generation.buildId().equals(buildId))
        .filter(generation -> ids.containsAll(generation.inputs()))
        .findFirst();
  }
}
