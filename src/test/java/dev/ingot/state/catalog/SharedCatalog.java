package dev.ingot.state.catalog;

import dev.ingot.engine.duckdb.DuckDbExtensions;
import dev.ingot.materialization.SharedChanges;
import dev.ingot.project.CatalogUrl;
import dev.ingot.project.DataPath;
import dev.ingot.project.LeaseSettings;
import dev.ingot.project.MaterializationStorage;
import dev.ingot.project.TestWorkers;
import dev.ingot.project.WorkerIdentity;
import dev.ingot.state.lake.SharedLake;
import dev.ingot.state.lake.TestLake;
import dev.ingot.state.store.Stores;
import dev.ingot.testing.NoTelemetry;
import dev.ingot.testing.TestDatabase;
import dev.ingot.testing.TestPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A new catalog on a real PostgreSQL, and the servers that share it. */
final class SharedCatalog implements AutoCloseable {

  /** Of a lease that is over soon. */
  static final LeaseSettings SHORT = lease(Duration.ofSeconds(2), Duration.ofMillis(500));

  /** Of a lease that isn't over, and whose heartbeats don't come, before a test has ended. */
  static final LeaseSettings LONG = lease(Duration.ofMinutes(4), Duration.ofMinutes(1));

  private final TestDatabase database;
  private final DataPath data;
  private final DuckDbExtensions extensions;
  private final List<Server> servers = new ArrayList<>();

  SharedCatalog(Path folder) {
    this(TestPostgres.database(), folder);
  }

  SharedCatalog(TestDatabase database, Path folder) {
    this.database = database;
    data = new DataPath("file://" + folder);
    extensions = TestLake.extensions(folder);
  }

  static LeaseSettings lease(Duration lease, Duration heartbeat) {
    return new LeaseSettings(lease, heartbeat, false);
  }

  TestDatabase database() {
    return database;
  }

  /** Another server. */
  Server server(LeaseSettings settings) {
    return server(settings, database.url());
  }

  /**
   * @param url of the same database, by another way
   */
  Server server(LeaseSettings settings, String url) {
    WorkerIdentity worker = TestWorkers.worker("worker-" + (servers.size() + 1));
    var storage = new MaterializationStorage(CatalogUrl.parse(url, null), data, null);
    var home =
        new CatalogState(
            Stores.KEY.project(),
            storage,
            new SharedLake(storage, Optional.empty(), extensions, worker.sessions()),
            worker,
            settings,
            NoTelemetry.get().meters());
    var server = new Server(home, worker, settings);
    servers.add(server);
    return server;
  }

  /** One server: its home and the stores on it. */
  static final class Server extends Stores {

    final CatalogState catalog;
    final WorkerIdentity worker;
    final LeaseSettings settings;
    final ServingRows serving;
    final WorkerRows workers;

    private Server(CatalogState catalog, WorkerIdentity worker, LeaseSettings settings) {
      super(catalog);
      this.catalog = catalog;
      this.worker = worker;
      this.settings = settings;
      serving = new ServingRows(catalog, worker);
      workers = new WorkerRows(catalog, serving, worker);
    }

    CatalogWatch watch(SharedChanges.Listener listener) {
      return new CatalogWatch(catalog, serving, workers, worker, settings, listener);
    }
  }

  /** Past what the servers do. */
  long update(String sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET search_path = ingot");
      statement.execute(sql);
      return statement.getUpdateCount();
    }
  }

  /** The first column of the first row, past what the servers do. */
  String value(String sql) throws SQLException {
    try (Connection connection = database.connectAsSuperuser();
        Statement statement = connection.createStatement()) {
      statement.execute("SET search_path = ingot");
      try (ResultSet row = statement.executeQuery(sql)) {
        row.next();
        return String.valueOf(row.getString(1));
      }
    }
  }

  /** The lease of this run is over, as if its server had been silent for long. */
  void lapse(String run) throws SQLException {
    long rows =
        update(
            "UPDATE running SET expires_at = clock_timestamp() AT TIME ZONE 'UTC' - interval '1 millisecond' WHERE run = '%s'"
                .formatted(run));
    if (rows != 1) {
      throw new AssertionError("%d runs are RUNNING as %s".formatted(rows, run));
    }
  }

  @Override
  public void close() {
    servers.forEach(server -> server.catalog.close());
  }
}
