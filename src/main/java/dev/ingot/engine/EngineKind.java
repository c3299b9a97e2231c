package dev.ingot.engine;

import dev.ingot.project.PackageSnapshot;
import java.util.List;

/** One kind of engine: the connections of a package that are of it, and what answers on them. */
public interface EngineKind {

  List<EngineConnection> connections(PackageSnapshot snapshot);

  /**
   * What answers on one of its connections, opened if need be, with this content's data readable.
   *
   * @throws dev.ingot.fault.Fault CONNECTION_FAILED when it can't be opened
   */
  Engine open(PackageSnapshot snapshot, String connection);
}
