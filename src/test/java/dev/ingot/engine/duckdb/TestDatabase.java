package dev.ingot.engine.duckdb;

import dev.ingot.engine.elsewhere.ElsewhereSettings;
import dev.ingot.engine.elsewhere.PrivateHosts;
import dev.ingot.engine.elsewhere.WayOut;
import dev.ingot.project.Certificates;
import dev.ingot.project.DuckDbGrants;
import dev.ingot.project.Home;
import dev.ingot.project.HomeSettings;
import dev.ingot.testing.TestExtensions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/** Opens DuckDB files as servers do. */
final class TestDatabase {

  static final int THREADS = 2;

  private TestDatabase() {}

  /** What a database has that is granted nothing elsewhere. */
  static Grants nothingElse(Path home) {
    return granted(home, DuckDbGrants.NONE);
  }

  /**
   * @param home where extensions are kept
   */
  static Grants granted(Path home, DuckDbGrants granted, String... privateHosts) {
    var its = new Home(new HomeSettings(home.toString(), List.of()));
    String repository = TestExtensions.repository().map(Path::toString).orElse(null);
    var hosts = new PrivateHosts(new ElsewhereSettings(List.of(privateHosts)));
    return new Grants(
        granted,
        new Grants.Environment(
            new DuckDbExtensions(its, new ExtensionSettings(repository)),
            hosts,
            new Certificates(its),
            new WayOut(hosts, (name, work) -> Thread.ofVirtual().name(name).start(work))),
        missing -> {});
  }

  static DuckDbDatabase open(Path file, Path readable) throws IOException {
    return open(file, readable, THREADS, null);
  }

  /**
   * @param readable the package's folder
   * @param shared null when tables lie in the file
   */
  static DuckDbDatabase open(Path file, Path readable, int threads, @Nullable SharedFolder shared)
      throws IOException {
    Path spill = Files.createDirectories(file.resolveSibling("spill of " + file.getFileName()));
    var settings = new DuckDbSettings(DataSize.ofMegabytes(256), threads, 2);
    return DuckDbDatabase.open(
        file, new Hardening(readable, spill, settings, shared, nothingElse(spill)), () -> false);
  }
}
