package dev.ingot.engine;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.project.PackageKey;
import dev.ingot.project.PackageSnapshot;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

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
   * The engine of a connection that a package had, for cleaning up after one that is registered no
   * more; empty when the connection is gone, or its database is the package's own.
   */
  Optional<Engine> leftBehind(PackageKey key, String connection);

  /**
   * @param known the names of the connections that there are
   */
  static Fault unknown(String connection, Collection<String> known) {
    return new Fault(
        FaultCode.CONNECTION_NOT_FOUND,
        "There is no connection '%s'; the project has '%s'"
            .formatted(connection, String.join("', '", known)));
  }
}
