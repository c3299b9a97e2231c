package dev.ingot.state.store;

import dev.ingot.manifest.ManifestVersion;
import dev.ingot.project.PackageKey;
import dev.ingot.state.store.VersionRows.VersionRow;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The current version of each package as it was read last. What a version has in it never changes,
 * so it is read again only where another one is on record; each plan, run and clean-up asks for it,
 * and reading it takes longer than the rest of a plan.
 */
final class KnownVersions {

  private static final int MOST = 500;

  /** Guarded by itself. */
  private final Map<PackageKey, Known> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<PackageKey, Known> eldest) {
          return size() > MOST;
        }
      };

  private record Known(VersionRow row, ManifestVersion version) {}

  /** The version that this row is of, if it is the one that was read last. */
  Optional<ManifestVersion> find(PackageKey key, VersionRow row) {
    synchronized (known) {
      return Optional.ofNullable(known.get(key))
          .filter(one -> one.row().equals(row))
          .map(Known::version);
    }
  }

  void remember(PackageKey key, VersionRow row, ManifestVersion version) {
    synchronized (known) {
      known.put(key, new Known(row, version));
    }
  }
}
