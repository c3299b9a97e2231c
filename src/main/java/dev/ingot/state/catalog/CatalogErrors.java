package dev.ingot.state.catalog;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.project.CatalogUrl;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;

/** Why a catalog doesn't answer, by PostgreSQL's states and in words of our own. */
final class CatalogErrors {

  private CatalogErrors() {}

  static Fault unavailable(CatalogUrl url, SQLException e) {
    return new Fault(
        FaultCode.CATALOG_UNAVAILABLE,
        "The catalog %s can't be used: %s".formatted(url.text(), reason(e)),
        e);
  }

  /** Whether its user may not do what a shared project needs. */
  static boolean isForbidden(SQLException e) {
    return state(e).equals("42501");
  }

  static Fault forbidden(CatalogUrl url, SQLException e) {
    return new Fault(
        FaultCode.STORAGE_REFUSED,
        "The catalog %s can't be used: its user may not do that; GRANT CREATE ON DATABASE, or name the user that made its tables"
            .formatted(url.text()),
        e);
  }

  /** Whether it is the catalog that doesn't answer, and not the statement that is wrong. */
  static boolean isUnavailable(SQLException e) {
    String state = state(e);
    return state.isEmpty()
        || state.startsWith("08")
        || state.startsWith("28")
        || state.startsWith("57P")
        || state.startsWith("53")
        || Set.of("3D000", "25006", "25P03", "57014").contains(state);
  }

  /** Whether the same transaction may work when it is done again: another one was in its way. */
  static boolean isConflict(SQLException e) {
    return isBusy(e) || state(e).equals("23505");
  }

  /** Whether another transaction was in its way, and not what that one has written. */
  static boolean isBusy(SQLException e) {
    return Set.of("40001", "40P01", "55P03").contains(state(e));
  }

  /** The database's own error behind what Spring makes of it. */
  static Optional<SQLException> sql(Throwable error) {
    for (Throwable at = error; at != null; at = at.getCause()) {
      if (at instanceof SQLException found) {
        return Optional.of(found);
      }
    }
    return Optional.empty();
  }

  /** A pool that waited in vain has no state of its own, but the reason as its cause. */
  private static String state(SQLException e) {
    for (Throwable at = e; at != null; at = at.getCause()) {
      if (at instanceof SQLException found && found.getSQLState() != null) {
        return found.getSQLState();
      }
    }
    return "";
  }

  /** Short, and without what was sent. */
  static String reason(SQLException e) {
    String state = state(e);
    return switch (state) {
      case "" -> "it doesn't answer in time";
      case "28000", "28P01" -> "it refuses this user or password";
      case "3D000" -> "its server has no such database";
      case "25006" -> "it is a standby that can only be read";
      case "40001", "40P01", "55P03" -> "others keep it busy";
      case "53300" -> "its server has no connection left";
      case "57P01", "57P02", "57P03" -> "its server starts or stops just now";
      case "08001", "08004" -> "its host and port can't be reached";
      default ->
          state.startsWith("08")
              ? "the connection to it was lost, or it doesn't answer in time"
              : "PostgreSQL's state " + state;
    };
  }
}
