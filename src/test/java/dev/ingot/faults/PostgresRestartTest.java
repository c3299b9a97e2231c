package dev.ingot.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.OwnPostgres;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.Server;
import dev.ingot.testing.TestDatabase;
import dev.ingot.testing.TestPostgres;
import dev.ingot.testing.Wait;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database that stops as in a crash while its declared names move. */
class PostgresRestartTest {

  private static final String WAITING =
      """
      SELECT query FROM pg_stat_activity
      WHERE application_name LIKE 'ingot/%' AND wait_event_type = 'Lock'
      """;
  private static final String FORCED = "{\"forceRefresh\":true}";

  @Test
  void viewsThatMoveWhenItStopsShowOneVersion(@TempDir Path folder)
      throws IOException, SQLException {
    try (OwnPostgres postgres = TestPostgres.own();
        Server server =
            Server.start(
                folder,
                "ingot.retention.min-age=0s",
                "ingot.retention.versions=1",
                "ingot.retention.interval=1s")) {
      TestDatabase database = postgres.database();
      var tables = new WarehouseTables(database);
      FaultDag dag = FaultDag.on(server.packageFolder("dag"), database);
      server.client().post("/api/v0/projects", "{\"name\":\"p\"}").expect(201);
      server
          .client()
          .post("/api/v0/projects/p/connections", database.connection(FaultDag.WAREHOUSE))
          .expect(201);
      PackageApi api = server.register("dag");
      api.buildOk();
      Wait.until("its views are there", () -> tables.views().size() == FaultDag.TARGETS);
      assertThat(tables.shown()).isEqualTo(WarehouseTables.all(1));
      dag.data(2);

      String id;
      // The last but one by name: those before it have moved in the transaction that waits.
      try (Connection reader = database.connect();
          Statement statement = reader.createStatement()) {
        reader.setAutoCommit(false);
        statement.execute("SELECT * FROM rights");
        id = api.create(FORCED);
        api.start(id);
        Wait.closely(
            "views move",
            () -> database.column(WAITING).stream().anyMatch(sql -> sql.contains("\"rights\"")));
        postgres.restartImmediately();
      }

      assertThat(tables.shown()).isEqualTo(WarehouseTables.all(1));
      assertThat(api.await(id).path("status").asString()).isEqualTo("SUCCESS");
      assertThat(api.rows(FaultDag.MODEL, FaultDag.QUERY).toString()).isEqualTo(FaultDag.answer(2));
      tables.awaitShown(1, 2);
      dag.data(3);
      api.buildOk(FORCED);
      assertThat(api.rows(FaultDag.MODEL, FaultDag.QUERY).toString()).isEqualTo(FaultDag.answer(3));
      tables.awaitShown(2, 3);
      tables.awaitNothingLeftOver(() -> Ledger.ids(server, "dag"));
    }
  }
}
