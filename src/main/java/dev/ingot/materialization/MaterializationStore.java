package dev.ingot.materialization;

import dev.ingot.fault.Problem;
import dev.ingot.manifest.Generation;
import dev.ingot.manifest.ManifestEntry;
import dev.ingot.manifest.ManifestVersion;
import dev.ingot.project.PackageKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Where runs are kept. Every method is one transaction, and a state moves by compare-and-set. */
public interface MaterializationStore {

  void insert(Materialization run);

  Optional<Materialization> find(PackageKey key, String id);

  /** What {@link #find} would say of its status. */
  Optional<MaterializationStatus> status(PackageKey key, String id);

  /** Newest first, and by their ids where they are equally new. */
  List<Materialization> list(RunQuery query);

  /** The same of one package, in one state or any. */
  default List<Materialization> list(
      PackageKey key, @Nullable MaterializationStatus status, int limit, int offset) {
    var filter = new RunQuery.Filter(status == null ? Set.of() : Set.of(status), null, null);
    return list(new RunQuery(key.project(), List.of(key.name()), filter, null, limit, offset));
  }

  long count(PackageKey key, @Nullable MaterializationStatus status);

  /** Takes over the records of runs from where the project's state lay before. */
  void adopt(List<Materialization> history);

  /**
   * Removes the records of a package's runs and versions; what is on record of its tables stays. An
   * empty version remains where there was one: other servers may follow, and no number comes twice.
   *
   * @throws dev.ingot.fault.Fault PACKAGE_BUSY while a run is RUNNING
   */
  void erase(PackageKey key, Instant at);

  /** Moves PENDING to RUNNING and takes the package, both or neither. */
  Claim claim(PackageKey key, String id, Instant at);

  /**
   * Inserts a PENDING run and claims its package at once; unless that is granted, there is none.
   *
   * @return granted or busy
   */
  Claim begin(Materialization pending);

  /** Writes how far the plan of a RUNNING run is. */
  void planning(PackageKey key, String id, PlanProgress progress);

  /** Writes the reports of these targets, and that these generations are finished. */
  void report(PackageKey key, String id, List<TargetReport> targets, List<Generation> built);

  /**
   * Ends a run and frees the package.
   *
   * @return false when it was not in the state that the end comes from any more; nothing is written
   *     then
   */
  boolean end(PackageKey key, String id, RunEnd end);

  /**
   * Publishes the next version after the one that a run began from, and moves the run to SUCCESS,
   * in one transaction.
   *
   * @param base the number of that version; 0 before the first
   * @param entries of the next version; null when they are those of the base, and there is none
   */
  PublicationAnswer publish(
      Materialization run,
      long base,
      @Nullable List<ManifestEntry> entries,
      Instant at,
      List<Problem> problems);

  /**
   * Publishes a version that no run built.
   *
   * @param next its number is the current one's plus 1
   * @return false, and nothing is written, when a run of the package is in one of these states or
   *     another version was published meanwhile
   */
  boolean publish(ManifestVersion next, Set<MaterializationStatus> unless);

  /** Writes down what was dropped after a run. */
  void swept(PackageKey key, String id, Sweep sweep);

  /** Removes the records of all terminal runs but the newest ones and the last success. */
  void trim(PackageKey key, int newest);

  /** Removes the record of a terminal run; its version and generations stay. */
  boolean delete(PackageKey key, String id);

  /**
   * Ends a run whose server is lost, as FAILED.
   *
   * @return false when it was not RUNNING any more
   */
  boolean lose(PackageKey key, String id, Instant at);

  /** Calls the listener after what this server changes of a run; it doesn't wait. */
  void onChange(BiConsumer<PackageKey, String> listener);

  /** Those of this server alone that a process left RUNNING. */
  List<Materialization> running();
}
