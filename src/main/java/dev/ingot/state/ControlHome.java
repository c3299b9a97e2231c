package dev.ingot.state;

import dev.ingot.materialization.Claim;
import dev.ingot.project.PackageKey;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Where a project's runs, generations and versions lie: the state file of this server, or a catalog
 * that several servers share. The same SQL works on both; what differs is here.
 */
public interface ControlHome {

  /** For reads outside a transaction, and for the statements inside {@link #write}. */
  JdbcClient client();

  /**
   * One transaction; what it throws rolls it back. The work may be done twice.
   *
   * @throws dev.ingot.fault.Fault STORAGE_FULL, CATALOG_UNAVAILABLE
   */
  <T> T write(Supplier<T> work);

  /** One transaction without a result. */
  default void change(Runnable work) {
    write(() -> {
      work.run();
      return true;
    });
  }

  /**
   * As {@link #write}, while nobody else moves the package: it is what every change of its running
   * row and of its current version begins with, so that no two of them wait for each other.
   */
  <T> T alone(PackageKey key, Supplier<T> work);

  /** As {@link #alone}; what is granted is this server's to carry out and to renew. */
  default Claim claim(PackageKey key, String id, Supplier<Claim> work) {
    return alone(key, work);
  }

  /**
   * Does something whose commit may have no answer, until it is known to be done or not.
   *
   * @param outcome what came of an attempt; empty when nothing did, and it may be made again
   * @throws dev.ingot.fault.Fault CATALOG_UNAVAILABLE when that can't be known for too long
   */
  default <T> T settled(Supplier<T> attempt, Supplier<Optional<T>> outcome) {
    return attempt.get();
  }

  /** What the versions of its manifests have in them. */
  VersionEntries entries();

  /** Who claims runs here. */
  Tenure tenure();

  /** The versions of {@code :project} and {@code :package} that live servers serve, as SQL. */
  String served();

  /** Tells the other servers; they are told when the transaction around it is committed. */
  void tell(SharedEvent event);
}
