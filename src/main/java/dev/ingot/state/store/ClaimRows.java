package dev.ingot.state.store;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.project.PackageKey;
import dev.ingot.state.PackageLock;
import dev.ingot.state.Session;
import dev.ingot.state.Tenure;
import java.util.Optional;

/** The rows of {@code running}: a package that has one has a RUNNING run. */
final class ClaimRows {

  private ClaimRows() {}

  /** The run that has a package, and whether its server has let its time pass. */
  record Holder(String runId, boolean expired) {}

  static Optional<Holder> holder(Session session, PackageKey key) {
    String sql =
        """
        SELECT run, coalesce(expires_at < %s, false) AS expired FROM running
        WHERE project = :project AND package = :package
        """
            .formatted(session.tenure().now());
    return session
        .sql(key, sql)
        .query((row, n) -> new Holder(row.getString("run"), row.getBoolean("expired")))
        .optional();
  }

  /** Whether it is another server's run that has a package. */
  static boolean isBusyElsewhere(PackageLock lock) {
    String sql =
        """
        SELECT count(*) > 0 FROM running
        WHERE project = :project AND package = :package AND holder <> :holder
        """;
    return lock.sql(sql)
        .param("holder", lock.session().tenure().holder())
        .query(Boolean.class)
        .single();
  }

  /**
   * A run reads and writes where its package lay when it began.
   *
   * @throws Fault PACKAGE_BUSY while one has it
   */
  static void refuseRunning(Session session, PackageKey key) {
    if (holder(session, key).isPresent()) {
      throw new Fault(
          FaultCode.PACKAGE_BUSY,
          "Package %s has a RUNNING materialization: stop it or wait for it".formatted(key));
    }
  }

  static void take(PackageLock lock, String runId) {
    Tenure tenure = lock.session().tenure();
    String sql =
        """
        INSERT INTO running (project, package, run, holder, expires_at)
        VALUES (:project, :package, :run, :holder, %s)
        """
            .formatted(tenure.expiry());
    lock.sql(sql).param("run", runId).param("holder", tenure.holder()).update();
  }

  /** Takes the package from a run, whoever carries it out. */
  static void revoke(PackageLock lock, String runId) {
    lock.session().sql("DELETE FROM running WHERE run = ?").param(runId).update();
  }

  /** Gives the package back; false when it isn't this server's, or may not be until the commit. */
  static boolean release(PackageLock lock, String runId) {
    Tenure tenure = lock.session().tenure();
    String sql =
        """
        DELETE FROM running
        WHERE run = ? AND holder = ? AND coalesce(expires_at > %s, true)
        """
            .formatted(tenure.safe());
    return lock.session().sql(sql).param(runId).param(tenure.holder()).update() == 1;
  }
}
