package dev.ingot.engine;

import dev.ingot.project.PackageKey;
import dev.ingot.project.PackageSnapshot;
import java.util.List;
import java.util.Optional;

/** One kind of engine: the connections of a package that are of it, and what answers on them. */
public interface EngineKind {

  List<EngineConnection> connections(PackageSnapshot snapshot);

  /**
   * What answers on one of its connections, opened if need be, with this content's data readable.
   *
   * @throws dev.ingot.fault.Fault CONNECTION_FAILED when it can't be opened
   */
  Engine open(PackageSnapshot snapshot, String connection);

  /**
   * What answers on a connection for a package that is registered no more, for cleaning up; empty
   * when there is no such connection of this kind, or its database is the package's own.
   */
  Optional<Engine> leftBehind(PackageKey key, String connection);
}
