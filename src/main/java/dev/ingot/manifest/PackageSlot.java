package dev.ingot.manifest;

import dev.ingot.project.PackageKey;
import dev.ingot.threads.LockRank;
import dev.ingot.threads.RankedLock;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A package's place among those that are served. It stays when the package goes, so that two of one
 * name never have different locks.
 */
final class PackageSlot {

  private final PackageKey key;
  private final PackageGate gate;

  /**
   * Held by who changes what is served, from the first look at the folder or the records to the
   * swap. A query takes it only where it has nothing to be answered from, and a GET never.
   */
  private final RankedLock loading;

  /** Held by who has the package's database closed, and shared by who reads from it. */
  private final RankedLock place;

  /** What {@link SharedManifests#absences} was before what is served was read. */
  private volatile long absences;

  /** Whether the catalog or the bucket did not answer, so that its tables are still to be found. */
  private volatile boolean withoutTables;

  PackageSlot(PackageKey key) {
    this.key = key;
    gate = new PackageGate(key);
    loading = new RankedLock(LockRank.LOADING, key);
    place = new RankedLock(LockRank.PLACE, key);
  }

  PackageKey key() {
    return key;
  }

  PackageGate gate() {
    return gate;
  }

  Optional<ServedPackage> served() {
    return gate.served();
  }

  /** Does something while nobody else changes what is served. */
  <T> T load(Supplier<T> work) {
    return loading.hold(work);
  }

  /** The same, unless somebody is at it now. */
  void loadIfFree(Runnable work) {
    var _ =
        loading.holdIfFree(() -> {
          work.run();
          return key;
        });
  }

  /** Does something while the package has no database that anybody could read. */
  <T> T move(Supplier<T> work) {
    return place.hold(work);
  }

  /** Does something while the package doesn't move. */
  <T> T stay(Supplier<T> work) {
    return place.share(work);
  }

  /** Whether what is served is as old as this. */
  boolean isOf(long absencesNow) {
    return absences == absencesNow;
  }

  void readAt(long absencesThen) {
    absences = absencesThen;
  }

  boolean isWithoutTables() {
    return withoutTables;
  }

  void setWithoutTables(boolean withoutTables) {
    this.withoutTables = withoutTables;
  }
}
