package dev.ingot.manifest;

import dev.ingot.compile.MalloyCompiler;
import dev.ingot.engine.Engine;
import dev.ingot.engine.EngineConnection;
import dev.ingot.engine.Engines;
import dev.ingot.engine.TableName;
import dev.ingot.manifest.ManifestVersion.Cause;
import dev.ingot.project.PackageKey;
import dev.ingot.project.PackageSnapshot;
import dev.ingot.project.PublisherJson;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Packages to be served in tests that ask no compiler and no database. */
final class Contents {

  static final PackageKey KEY = PackageKey.of("p", "orders");
  private static final Path FOLDER = Path.of("/packages/orders");

  private Contents() {}

  /** A content with one model of this text. */
  static LoadedPackage content(String text) {
    return new LoadedPackage(
        new PackageSnapshot(
            KEY,
            FOLDER,
            text,
            new PublisherJson("orders", null, null),
            new LinkedHashMap<>(Map.of("orders.malloy", text)),
            Map.of(),
            List.of()),
        new OneConnection(),
        notAsked(MalloyCompiler.class));
  }

  /** A content served with a version that has one table, which is named after the version. */
  static ServedPackage served(LoadedPackage content, long number, Cause cause) {
    return new ServedPackage(content, version(number, cause));
  }

  static ManifestVersion version(long number, Cause cause) {
    var declared = new TableName("main", "by_customer");
    var generation =
        new Generation(
            "g" + number,
            KEY,
            new Generation.Target("b", Engines.DUCKDB, declared, "select 1"),
            new TableName("main", "by_customer__" + number),
            new Generation.Source("r", Set.of(), FOLDER.toString()),
            new Generation.Built(Instant.EPOCH, 1, Map.of()));
    return new ManifestVersion(
        KEY,
        number,
        cause,
        Instant.EPOCH,
        List.of(new ManifestEntry(generation, declared, List.of("by_customer"))));
  }

  private static final class OneConnection implements Engines {
    @Override
    public Optional<Engine> leftBehind(PackageKey key, String connection) {
      return Optional.empty();
    }

    @Override
    public List<EngineConnection> connections(PackageSnapshot snapshot) {
      return List.of(
          new EngineConnection(
              DUCKDB, DUCKDB, "duckdb", "digest", FOLDER.toString(), "", false, 1));
    }

    @Override
    public Engine of(PackageSnapshot snapshot, String connection) {
      return notAsked(Engine.class);
    }
  }

  private static <T> T notAsked(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              throw new AssertionError("asked: " + method);
            }));
  }
}
