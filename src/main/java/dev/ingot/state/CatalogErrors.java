package dev.ingot.state;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.project.CatalogUrl;
import java.sql.SQLException;

/** Why a catalog doesn't answer, by PostgreSQL's states and in words of our own. */
final class CatalogErrors {

  private CatalogErrors() {}

  static Fault unavailable(CatalogUrl url, SQLException e) {
    return new Fault(
        FaultCode.CATALOG_UNAVAILABLE,
        "The catalog %s can't be used: %s".formatted(url.text(), reason(e)),
        e);
  }

  /** Short, and without what was sent. */
  static String reason(SQLException e) {
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    return switch (state) {
      case "28000", "28P01" -> "it refuses this user or password";
      case "3D000" -> "its server has no such database";
      case "42501" -> "its user may not do that";
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
