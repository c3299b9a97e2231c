package dev.ingot.state.store;

import dev.ingot.materialization.RunEnd;
import dev.ingot.state.PackageLock;
import java.time.Instant;

/** Notes what runs come to for those who are told, in the transaction in which they do. */
interface Notices {

  /** It is RUNNING. */
  void started(PackageLock lock, String run, Instant at);

  /** It has ended, also one that never was RUNNING; so it is on record already. */
  void ended(PackageLock lock, String run, RunEnd end);
}
