package dev.ingot.engine.postgres;

import dev.ingot.engine.CarriedEngine;
import dev.ingot.engine.Engine;
import dev.ingot.engine.TableName;
import dev.ingot.project.Certificates;
import dev.ingot.project.ConnectionKey;
import dev.ingot.project.Home;
import dev.ingot.project.HomeSettings;
import dev.ingot.project.PostgresSettings;
import dev.ingot.project.ProjectName;
import dev.ingot.testing.NoTelemetry;
import dev.ingot.testing.TestDatabase;
import dev.ingot.testing.TestPostgres;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL database of one test, whose schema {@code main} is the connection's. */
final class PostgresFixture {

  private static final ConnectionKey KEY = new ConnectionKey(new ProjectName("demo"), "warehouse");

  final TestDatabase database = TestPostgres.database();
  private final int limit;
  private @Nullable Path folder;
  private @Nullable PostgresEngine engine;
  private @Nullable CarriedEngine carried;

  /**
   * @param limit the most builds at once
   */
  PostgresFixture(int limit) {
    this.limit = limit;
  }

  Engine open(Path home) {
    folder = home;
    needsSchema("main");
    needsSchema("mart");
    engine = engine(database.host(), database.port());
    carried = new CarriedEngine(engine, "postgres", "test", limit, NoTelemetry.get());
    return carried;
  }

  /** Another one, as it is reached by another way. */
  PostgresEngine engine(String host, int port) {
    PostgresSettings settings = settings(host, port);
    return engine(() -> settings);
  }

  PostgresEngine engine(Supplier<PostgresSettings> settings) {
    var home = new Home(new HomeSettings(Objects.requireNonNull(folder).toString(), List.of()));
    var sessions =
        new PostgresSessions(
            KEY,
            settings,
            now ->
                new PostgresServer(now, new Certificates(home))
                    .pool("test", "ingot/demo", limit + 4, NoTelemetry.get().meters()),
            (name, work) -> Thread.ofVirtual().name(name).start(work));
    return new PostgresEngine(new PostgresDatabase(sessions), 2);
  }

  PostgresSettings settings(String host, int port) {
    return new PostgresSettings(
        host,
        port,
        database.name(),
        database.user(),
        database.password(),
        "main",
        null,
        null,
        null,
        Map.of());
  }

  void shut() {
    if (engine != null) {
      engine.close();
    }
    if (carried != null) {
      carried.close();
    }
  }

  void execute(String sql) {
    database.execute("SET search_path TO main; " + sql);
  }

  void needsSchema(String name) {
    execute("CREATE SCHEMA IF NOT EXISTS " + TableName.quote(name));
  }

  static String numbers(int count) {
    return "(SELECT generate_series(0, %d) AS i) AS numbers".formatted(count - 1);
  }

  static String failing() {
    return "CAST(CAST('bad row' || i AS integer) AS varchar)";
  }

  static String endless(String name) {
    return "SELECT CAST(pg_sleep(3600) AS varchar) AS n /* %s */".formatted(name);
  }

  boolean hasBegun(String name) {
    return !database
        .column(
            """
            SELECT pid FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid()
            AND query LIKE '%%/* %s */%%'
            """
                .formatted(name))
        .isEmpty();
  }
}
