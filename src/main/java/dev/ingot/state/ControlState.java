package dev.ingot.state;

import dev.ingot.materialization.Claim;
import dev.ingot.project.PackageKey;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Where a project's runs, generations and versions lie: the state file of this server, or a catalog
 * that several servers share. The same SQL works on both; what differs is here. Any thread may ask.
 */
public interface ControlState {

  /**
   * Reads, each statement by itself; within {@link #write}, a part of it.
   *
   * @throws dev.ingot.fault.Fault CATALOG_UNAVAILABLE
   */
  <T> T read(Function<Session, T> work);

  /**
   * One transaction; what it throws rolls it back. The work may be done twice.
   *
   * @throws dev.ingot.fault.Fault STORAGE_FULL, CATALOG_UNAVAILABLE
   */
  <T> T write(Function<Session, T> work);

  /** One transaction without a result. */
  default void change(Consumer<Session> work) {
    write(session -> {
      work.accept(session);
      return true;
    });
  }

  /**
   * As {@link #write}, with the package locked before anything else, so that no two that move it
   * wait for each other.
   */
  <T> T locked(PackageKey key, Function<PackageLock, T> work);

  /** As {@link #locked}; what is granted is this server's to carry out and to renew. */
  default Claim claim(PackageKey key, String id, Function<PackageLock, Claim> work) {
    return locked(key, work);
  }

  /**
   * Does something whose commit may have no answer, until it is known to be done or not. That may
   * take half a minute: nobody may hold a lock over it that a request waits for.
   *
   * @param outcome what came of an attempt; empty when nothing did, and it may be made again
   * @throws dev.ingot.fault.Fault CATALOG_UNAVAILABLE when that can't be known for too long
   */
  default <T> T settled(Supplier<T> attempt, Supplier<Optional<T>> outcome) {
    return attempt.get();
  }

  /** What the versions of its manifests have in them. Not to be asked within a transaction. */
  VersionEntries entries();
}
