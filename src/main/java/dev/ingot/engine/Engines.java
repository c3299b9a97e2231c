package dev.ingot.engine;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.project.PackageSnapshot;
import java.util.Collection;
import java.util.List;

/** The engines of each package's connections. */
public interface Engines {

  /** The connection that every package has without declaring it. */
  String DUCKDB = "duckdb";

  /** The connections of a package. */
  List<EngineConnection> connections(PackageSnapshot snapshot);

  /**
   * The engine of one of them, opened if need be, with this content's data readable.
   *
   * @throws Fault CONNECTION_NOT_FOUND; CONNECTION_FAILED when it can't be opened
   */
  Engine of(PackageSnapshot snapshot, String connection);

  /**
   * @param known the names of the connections that there are
   */
  static Fault unknown(String connection, Collection<String> known) {
    return new Fault(
        FaultCode.CONNECTION_NOT_FOUND,
        "There is no connection '%s'; this version has only '%s'"
            .formatted(connection, String.join("', '", known)));
  }
}
