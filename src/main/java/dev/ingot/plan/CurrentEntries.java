package dev.ingot.plan;

import dev.ingot.compile.CompiledTarget;
import dev.ingot.engine.TableName;
import dev.ingot.manifest.Generation;
import dev.ingot.manifest.ManifestEntry;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** What the version that a plan begins from has, by all that a target may be known by. */
final class CurrentEntries {

  private final List<ManifestEntry> all;
  private final Map<String, ManifestEntry> byBuildId = new HashMap<>();
  private final Map<TableName, ManifestEntry> byName = new HashMap<>();

  /** The place of the first entry that has the source. */
  private final Map<String, Integer> bySource = new HashMap<>();

  private final Set<String> generations = new HashSet<>();

  CurrentEntries(List<ManifestEntry> all) {
    this.all = all;
    for (int place = 0; place < all.size(); place++) {
      ManifestEntry entry = all.get(place);
      byBuildId.putIfAbsent(entry.buildId(), entry);
      byName.putIfAbsent(entry.declared().folded(), entry);
      for (String source : entry.sourceNames()) {
        bySource.putIfAbsent(source, place);
      }
      generations.add(entry.generation().id());
    }
  }

  List<ManifestEntry> all() {
    return all;
  }

  boolean has(Generation generation) {
    return generations.contains(generation.id());
  }

  Optional<ManifestEntry> of(String buildId) {
    return Optional.ofNullable(byBuildId.get(buildId));
  }

  /** The entry of the target, or else of its name, or else the first of its sources. */
  Optional<ManifestEntry> standsFor(CompiledTarget target, TableName declared) {
    return of(target.buildId())
        .or(() -> Optional.ofNullable(byName.get(declared.folded())))
        .or(() ->
            target.sourceNames().stream()
                .map(bySource::get)
                .filter(Objects::nonNull)
                .min(Integer::compare)
                .map(all::get));
  }
}
