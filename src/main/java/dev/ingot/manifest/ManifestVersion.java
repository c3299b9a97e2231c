package dev.ingot.manifest;

import dev.ingot.project.PackageKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** BuildID to generation for a whole package, immutable. The newest is current. */
public record ManifestVersion(
    PackageKey key, long number, String runId, Instant publishedAt, List<ManifestEntry> entries) {

  public ManifestVersion {
    entries = List.copyOf(entries);
  }

  public Optional<ManifestEntry> entry(String buildId) {
    return entries.stream().filter(entry -> entry.buildId().equals(buildId)).findFirst();
  }
}
