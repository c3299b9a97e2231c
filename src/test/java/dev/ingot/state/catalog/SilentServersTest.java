package dev.ingot.state.catalog;

import static dev.ingot.state.store.Stores.KEY;
import static dev.ingot.state.store.Stores.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.materialization.Materialization;
import dev.ingot.materialization.MaterializationStatus;
import dev.ingot.state.catalog.SharedCatalog.Server;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that stands still in the middle of a change of the lake. */
@Timeout(60)
class SilentServersTest extends OnACatalog {

  /** The first row of a lake's change, which every other change has to wait for. */
  private static final String CHANGE =
      """
      INSERT INTO ingot_lake.ducklake_snapshot
      SELECT max(snapshot_id) + 1, now(), max(schema_version), max(next_catalog_id), max(next_file_id)
      FROM ingot_lake.ducklake_snapshot
      """;

  @Test
  void whatItHoldsIsTakenFromIt() throws Exception {
    Server stands = catalog.server(SharedCatalog.LONG);
    Server goesOn = catalog.server(SharedCatalog.SHORT);
    assertThat(stands.count("runs")).isZero();
    seen(stands, "any", SharedCatalog.SHORT.lease().plusMillis(1));
    Materialization run = goesOn.running(KEY);
    try (Connection held = sessionOf(stands);
        Statement statement = held.createStatement();
        var _ = goesOn.watch(new Heard())) {
      statement.execute(CHANGE);

      assertThat(goesOn.publish(run, List.of(goesOn.entry(run, "a")), NOW, List.of())).isPresent();

      assertThat(goesOn.status(run)).isEqualTo(MaterializationStatus.SUCCESS);
      assertThat(held.isValid(1)).isFalse();
    }
  }

  @Test
  void oneThatIsHeardOfKeepsIt() throws Exception {
    Server works = catalog.server(SharedCatalog.LONG);
    assertThat(works.count("runs")).isZero();
    seen(works, "any", SharedCatalog.LONG.lease().dividedBy(2));

    assertThatItKeeps(works);
  }

  @Test
  void oneThatHasLeftAProjectAndWorksOnAnotherKeepsIt() throws Exception {
    Server works = catalog.server(SharedCatalog.LONG);
    assertThat(works.count("runs")).isZero();
    seen(works, "left", SharedCatalog.LONG.lease().plusMillis(1));
    seen(works, "other", Duration.ZERO);

    assertThatItKeeps(works);
  }

  private void assertThatItKeeps(Server works) throws SQLException {
    Server other = catalog.server(SharedCatalog.LONG);
    try (Connection held = sessionOf(works);
        Statement statement = held.createStatement()) {
      statement.execute(CHANGE);
      assertThat(other.count("runs")).isZero();

      new SilentServers(other.catalog).endTransactions();

      assertThat(held.isValid(1)).isTrue();
      held.rollback();
    }
  }

  /** DuckDB's, too. */
  @Test
  void allItsSessionsHaveItsName() {
    Server server = catalog.server(SharedCatalog.LONG);
    server.catalog.entries().contents(KEY);

    assertThat(sessions("SELECT count(*)", "query LIKE '%ducklake%'")).isPositive();
    assertThat(
            sessions(
                "SELECT count(*)",
                "usename <> 'postgres' AND application_name <> '%s'"
                    .formatted(server.worker.sessions())))
        .isZero();
  }

  private static Connection sessionOf(Server server) throws SQLException {
    Connection connection = server.catalog.connections().source().getConnection();
    connection.setAutoCommit(false);
    return connection;
  }

  /** When it was heard of last. */
  private void seen(Server server, String project, Duration ago) throws SQLException {
    catalog.update(
        """
        INSERT INTO workers VALUES ('%s', '%s', 'it', '1', now(),
          clock_timestamp() AT TIME ZONE 'UTC' - interval '%d milliseconds')
        """
            .formatted(server.worker.id(), project, ago.toMillis()));
  }
}
