package dev.ingot.manifest;

import dev.ingot.engine.TableName;
import dev.ingot.project.PackageKey;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Where generations, versions and views are recorded. Every method is one transaction. */
public interface ManifestStore {

  Optional<ManifestVersion> current(PackageKey key);

  /** Those that are retained, newest first. */
  List<ManifestVersion> versions(PackageKey key);

  /** Forgets versions; the current one stays whatever is asked for. */
  void forgetVersions(PackageKey key, Collection<Long> numbers);

  /**
   * Recorded before the tables are made, so that a crash leaves a row that says what to look for.
   */
  void intend(Collection<Generation> generations);

  /** Only after its table was seen to be gone, or never came to be. */
  void forget(String generationId);

  /**
   * Built generations that a run may take up, newest first: those of the current version, and those
   * that failed or cancelled runs finished at or after {@code since}.
   */
  List<Generation> reusable(PackageKey key, Instant since);

  /** Those that are intended and were never finished. */
  List<Generation> unfinished();

  /** Every one of the package that is still on record, however it ended. */
  List<Generation> generations(PackageKey key);

  /**
   * Those that no retained version has and that were superseded, or left by a run that failed, at
   * this time or before; and all that were never finished. Only while no run of the package is at
   * work.
   */
  List<Generation> unneeded(PackageKey key, Instant before);

  /** The packages that have tables or views on record, registered or not. */
  Set<PackageKey> packages();

  /** The views that Ingot made, or was about to make, on a connection of a package. */
  Set<TableName> views(PackageKey key, String connection);

  /** Recorded before a view is made. */
  void intendViews(PackageKey key, String connection, Collection<TableName> views);

  void forgetViews(PackageKey key, String connection, Collection<TableName> views);
}
