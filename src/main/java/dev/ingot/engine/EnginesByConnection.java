package dev.ingot.engine;

import dev.ingot.project.PackageKey;
import dev.ingot.project.PackageSnapshot;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Asks each kind of engine for its own connections. */
@Component
class EnginesByConnection implements Engines {

  private final List<EngineKind> kinds;

  EnginesByConnection(List<EngineKind> kinds) {
    this.kinds = kinds;
  }

  @Override
  public List<EngineConnection> connections(PackageSnapshot snapshot) {
    return kinds.stream().flatMap(kind -> kind.connections(snapshot).stream()).toList();
  }

  @Override
  public Engine of(PackageSnapshot snapshot, String connection) {
    return kinds.stream()
        .filter(kind ->
            kind.connections(snapshot).stream().anyMatch(one -> one.name().equals(connection)))
        .findFirst()
        .orElseThrow(() ->
            Engines.unknown(
                connection, connections(snapshot).stream().map(EngineConnection::name).toList()))
        .open(snapshot, connection);
  }

  @Override
  public Optional<Engine> leftBehind(PackageKey key, String connection) {
    return kinds.stream().flatMap(kind -> kind.leftBehind(key, connection).stream()).findFirst();
  }
}
