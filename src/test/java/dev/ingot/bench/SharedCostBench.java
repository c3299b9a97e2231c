package dev.ingot.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.OwnPostgres;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.TestDatabase;
import dev.ingot.testing.TestPostgres;
import dev.ingot.testing.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What a publication of a shared project costs its run, and an idle one its catalog. */
class SharedCostBench {

  private static final int PUBLICATIONS = 5 * Settings.ROUNDS;
  private static final int WIDTH = 3;
  private static final int DEPTH = 2;
  private static final long ROWS = 1000;

  /** Builds everything again. */
  private static final String FORCED = "{\"forceRefresh\":true}";

  private static final int IDLE_SECONDS = 10;

  /** Until the connection that listens was asked whether it is still there. */
  private static final int LISTENER_SECONDS = 31;

  @TempDir Path folder;

  private final Figures figures = new Figures();

  @Test
  void aPublicationAndAnIdleProjectCostLittle() throws IOException, SQLException {
    GeneratedPackage.create(
        Files.createDirectories(folder.resolve("packages")).resolve("cost"), WIDTH, DEPTH, ROWS);
    try (OwnPostgres postgres = TestPostgres.own();
        Topology topology =
            Topology.in(folder)
                .workers(1)
                .catalog(postgres.database())
                .pack("cost")
                .settings("ingot.retention.interval=1h")
                .start()) {
      withoutAutovacuum(postgres);
      PackageApi api = topology.pack(0, "cost");
      api.buildOk();
      for (int i = 0; i < PUBLICATIONS; i++) {
        JsonNode run = api.build(FORCED);
        Instant seen = Instant.now();
        assertThat(run.path("status").asString()).isEqualTo("SUCCESS");
        figures.add(
            "from the last table until SUCCESS is seen", Duration.between(lastBuilt(api), seen));
      }
      try (Connection connection = postgres.address().connect("postgres")) {
        // A session that has heard notifications counts them when it is asked next.
        pause(connection, LISTENER_SECONDS);
        long before = transactions(connection, topology.catalog());
        pause(connection, IDLE_SECONDS);
        long cost = transactions(connection, topology.catalog()) - before;
        assertThat(cost).isPositive();
        figures.say(
            "an idle project with one worker: %d transactions in %d s"
                .formatted(cost, IDLE_SECONDS));
      }
    }
    figures.print("A shared project, ms");
  }

  /** Its transactions would count as the project's. */
  private static void withoutAutovacuum(OwnPostgres postgres) throws SQLException {
    try (Connection connection = postgres.address().connect("postgres");
        Statement statement = connection.createStatement()) {
      statement.execute("ALTER SYSTEM SET autovacuum = off");
      statement.execute("SELECT pg_reload_conf()");
    }
  }

  private static Instant lastBuilt(PackageApi api) {
    return api.manifest()
        .path("entries")
        .valueStream()
        .map(entry -> Instant.parse(entry.path("builtAt").asString()))
        .max(Instant::compareTo)
        .orElseThrow();
  }

  private static void pause(Connection connection, int seconds) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT pg_sleep(%d)".formatted(seconds));
    }
  }

  private static long transactions(Connection connection, TestDatabase of) throws SQLException {
    String sql =
        "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = '%s'"
            .formatted(of.name());
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
      return rows.getLong(1);
    }
  }
}
