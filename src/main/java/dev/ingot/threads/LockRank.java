package dev.ingot.threads;

/**
 * The order in which a thread takes locks that it holds for longer than a glance: only down this
 * list. The table in CONTRIBUTING, "Locks", says what each of them guards.
 */
public enum LockRank {

  /** The changes of one project. */
  PROJECT,

  /** A package's turn; who changes a whole project takes those of all its packages. */
  TURN,

  /**
   * The change of what is served of a package, from the first look at the folder or the records.
   */
  LOADING,

  /** Where a package lies: shared by who reads from there, held alone by who moves it. */
  PLACE,

  /** A served package's gate, behind which nothing is read or waited for. */
  GATE;

  /** Whether a lock of this rank may be taken by who holds one of the other. */
  boolean mayFollow(LockRank held) {
    return held.compareTo(this) < 0 || (this == TURN && held == TURN);
  }
}
