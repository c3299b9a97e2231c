package dev.ingot.state.store;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.project.PackageKey;
import dev.ingot.state.ControlHome;
import java.util.Optional;

/**
 * The rows of {@code running} in one home: a package that has one has a RUNNING run. Its caller
 * owns the transaction.
 */
final class ClaimRows {

  private final ControlHome home;

  ClaimRows(ControlHome home) {
    this.home = home;
  }

  /** The run that has a package, and whether its server has let its time pass. */
  record Holder(String runId, boolean expired) {}

  Optional<Holder> holder(PackageKey key) {
    String sql =
        """
        SELECT run, coalesce(expires_at < %s, false) AS expired FROM running
        WHERE project = ? AND package = ?
        """
            .formatted(home.tenure().now());
    return home.client()
        .sql(sql)
        .param(key.project().value())
        .param(key.name().value())
        .query((row, n) -> new Holder(row.getString("run"), row.getBoolean("expired")))
        .optional();
  }

  /**
   * A run reads and writes where its package lay when it began.
   *
   * @throws Fault PACKAGE_BUSY while one has it
   */
  void refuseRunning(PackageKey key) {
    if (holder(key).isPresent()) {
      throw new Fault(
          FaultCode.PACKAGE_BUSY,
          "Package %s has a RUNNING materialization: stop it or wait for it".formatted(key));
    }
  }

  void take(PackageKey key, String runId) {
    String sql =
        """
        INSERT INTO running (project, package, run, holder, expires_at) VALUES (?, ?, ?, ?, %s)
        """
            .formatted(home.tenure().expiry());
    home.client()
        .sql(sql)
        .param(key.project().value())
        .param(key.name().value())
        .param(runId)
        .param(home.tenure().holder())
        .update();
  }

  /** Takes the package from a run, whoever carries it out. */
  void revoke(String runId) {
    home.client().sql("DELETE FROM running WHERE run = ?").param(runId).update();
  }

  /** Gives the package back; false when it isn't this server's, or may not be until the commit. */
  boolean release(String runId) {
    String sql =
        """
        DELETE FROM running
        WHERE run = ? AND holder = ? AND coalesce(expires_at > %s, true)
        """
            .formatted(home.tenure().safe());
    return home.client().sql(sql).param(runId).param(home.tenure().holder()).update() == 1;
  }
}
