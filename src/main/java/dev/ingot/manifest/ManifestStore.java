package dev.ingot.manifest;

import dev.ingot.engine.TableName;
import dev.ingot.project.PackageKey;
import dev.ingot.project.ProjectName;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Where generations, versions and views are recorded. Every method is one transaction. */
public interface ManifestStore {

  Optional<ManifestVersion> current(PackageKey key);

  /** The one with this number; empty when there is none, or none any more. */
  Optional<ManifestVersion> version(PackageKey key, long number);

  /** The current one's number; 0 when there is none. */
  long currentNumber(PackageKey key);

  /** Those that are retained, newest first. */
  List<ManifestVersion> versions(PackageKey key);

  /**
   * Forgets versions; the current one, and what another live server serves, stay whatever is asked
   * for. What no version has in it any more goes too.
   */
  void forgetVersions(PackageKey key, Collection<Long> numbers);

  /**
   * Recorded before the tables are made, so that a crash leaves a row that says what to look for.
   */
  void intend(Collection<Generation> generations);

  /** Only after its table was seen to be gone, or never came to be. */
  void forget(Generation generation);

  /**
   * Generations that runs finished at or after {@code since} and never published, which a run may
   * take up.
   *
   * @param published the ids of those that the current version has
   */
  List<Generation> unpublished(PackageKey key, Set<String> published, Instant since);

  /** Those of this server alone that are intended and were never finished. */
  List<Generation> unfinished();

  /** Every one of the package that is still on record, however it ended. */
  List<Generation> generations(PackageKey key);

  /**
   * Picks those that can go: that no retained version has and that were superseded, or left by a
   * run that failed, at this time or before; and all that were never finished. From then on no run
   * takes them up. Only while no run of the package is at work on this server; none are picked
   * while one is on another.
   *
   * @param held ids of generations that stay in any case
   */
  List<Generation> condemn(PackageKey key, Instant before, Set<String> held);

  /** The packages that have tables or views on record on this server, registered or not. */
  Set<PackageKey> packages();

  /** The packages of a project that have tables on record, on whatever server. */
  Set<PackageKey> packages(ProjectName project);

  /** The views that Ingot made, or was about to make, on a connection of a package. */
  Set<TableName> views(PackageKey key, String connection);

  /** Recorded before a view is made. */
  void intendViews(PackageKey key, String connection, Collection<TableName> views);

  void forgetViews(PackageKey key, String connection, Collection<TableName> views);
}
