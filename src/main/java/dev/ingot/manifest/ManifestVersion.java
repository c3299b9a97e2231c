package dev.ingot.manifest;

import dev.ingot.project.PackageKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** BuildID to generation for a whole package, immutable. The newest is current. */
public record ManifestVersion(
    PackageKey key, long number, Cause cause, Instant publishedAt, List<ManifestEntry> entries) {

  /** Why there is a version. */
  public sealed interface Cause {

    /** A run built it. */
    record Run(String id) implements Cause {}

    /** An older version was made current again. */
    record Rollback(long restored) implements Cause {}

    /** The package's tables were given up, or those that it had on a connection. */
    record Teardown() implements Cause {}
  }

  public ManifestVersion {
    entries = List.copyOf(entries);
  }

  public Optional<ManifestEntry> entry(String buildId) {
    return entries.stream().filter(entry -> entry.buildId().equals(buildId)).findFirst();
  }

  /** True when these entries say the same, in whatever order. */
  public boolean says(List<ManifestEntry> others) {
    return meaning(entries).equals(meaning(others));
  }

  private static Set<List<Object>> meaning(List<ManifestEntry> entries) {
    return entries.stream()
        .map(entry ->
            List.<Object>of(
                entry.generation().id(), entry.declared(), Set.copyOf(entry.sourceNames())))
        .collect(Collectors.toSet());
  }
}
