package dev.ingot.engine;

import dev.ingot.project.PackageKey;
import dev.ingot.project.PackageSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The databases that packages have of their own: a file of this server's for each of them. */
public interface PackageDatabases {

  /** The connection of a package whose database it is. */
  String connection();

  /**
   * The database of a package that is registered no more, for cleaning up. It reads no data files.
   *
   * @throws dev.ingot.fault.Fault CONNECTION_FAILED when it can't be opened
   */
  Engine leftBehind(PackageKey key);

  /** Closes what {@link #leftBehind} opened, and deletes the file if nothing is left in it. */
  void discard(PackageKey key);

  /**
   * Makes this content's data files readable in a package's database, if it is open, instead of
   * those of the folder that it was opened over. Whoever uses it goes on.
   *
   * @throws dev.ingot.fault.Fault PACKAGE_BUSY when a query of it doesn't end; nothing is changed
   *     then
   */
  void readFrom(PackageSnapshot snapshot);

  /** Waits until nothing runs on a package's database; false when something does for longer. */
  boolean awaitIdle(PackageKey key, Duration patience);

  /**
   * A statement that was cancelled and can't be interrupted; its caller was answered.
   *
   * @param what {@code query}, or the table that it builds
   * @param age since it began
   */
  record Stuck(String what, Duration age) {

    @Override
    public String toString() {
      return "%s, for %d s".formatted(what, age.toSeconds());
    }
  }

  /** Those of each package that has such, the oldest first. */
  Map<PackageKey, List<Stuck>> stuck();

  /** The packages that have a database file on this server, open or not. */
  Set<PackageKey> files();

  /** The packages whose database is open. */
  Set<PackageKey> open();

  /**
   * Closes what is open for a package; the files stay.
   *
   * @throws dev.ingot.fault.Fault PACKAGE_BUSY when a query of it doesn't end; it stays open then
   */
  void close(PackageKey key);
}
