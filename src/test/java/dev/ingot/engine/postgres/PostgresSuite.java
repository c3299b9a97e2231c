package dev.ingot.engine.postgres;

import dev.ingot.engine.CarriedEngine;
import dev.ingot.engine.Engine;
import dev.ingot.engine.EngineSuite;
import dev.ingot.engine.TableName;
import dev.ingot.project.ConnectionKey;
import dev.ingot.project.Home;
import dev.ingot.project.HomeSettings;
import dev.ingot.project.PostgresSettings;
import dev.ingot.project.ProjectName;
import dev.ingot.testing.TestDatabase;
import dev.ingot.testing.TestPostgres;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL database of the test's own, whose schema {@code main} is the connection's. */
abstract class PostgresSuite extends EngineSuite {

  static final ConnectionKey KEY = new ConnectionKey(new ProjectName("demo"), "warehouse");

  TestDatabase database = TestPostgres.database();
  PostgresDatabase sessions = open(database);
  private @Nullable CarriedEngine carried;

  @Override
  protected Engine open() {
    needsSchema("main");
    needsSchema("mart");
    sessions = open(database);
    carried = new CarriedEngine(new PostgresEngine(sessions, 2), "postgres", LIMIT);
    return carried;
  }

  /** The same database as another server has it. */
  PostgresDatabase open(TestDatabase of) {
    return open(of.host(), of.port());
  }

  PostgresDatabase open(String host, int port) {
    PostgresSettings settings = settings(host, port);
    return open(() -> settings);
  }

  PostgresDatabase open(Supplier<PostgresSettings> settings) {
    return new PostgresDatabase(
        new PostgresSessions(
            KEY,
            settings,
            now ->
                new PostgresServer(now, new Home(new HomeSettings(folder.toString(), List.of())))
                    .pool("test", "ingot/demo", LIMIT + 4)));
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

  @Override
  protected void shut() {
    sessions.close();
    if (carried != null) {
      carried.close();
    }
  }

  @Override
  protected void execute(String sql) {
    database.execute("SET search_path TO main; " + sql);
  }

  @Override
  protected void needsSchema(String name) {
    execute("CREATE SCHEMA IF NOT EXISTS " + TableName.quote(name));
  }

  @Override
  protected String numbers(int count) {
    return "(SELECT generate_series(0, %d) AS i) AS numbers".formatted(count - 1);
  }

  @Override
  protected String failing() {
    return "CAST(CAST('bad row' || i AS integer) AS varchar)";
  }

  @Override
  protected String endless(String name) {
    return "SELECT CAST(pg_sleep(3600) AS varchar) AS n /* %s */".formatted(name);
  }

  @Override
  protected boolean hasBegun(String name) {
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
