package dev.ingot.state.catalog;

import static dev.ingot.state.store.Stores.KEY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.materialization.Materialization;
import dev.ingot.state.StateSchema;
import dev.ingot.state.catalog.SharedCatalog.Server;
import dev.ingot.state.store.Race;
import dev.ingot.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CatalogSchemaTest extends OnACatalog {

  private static final int SERVERS = 4;

  @Test
  void serversThatStartAtOnceOnAnEmptyDatabaseAllComeUp() throws Exception {
    List<Server> servers =
        IntStream.range(0, SERVERS).mapToObj(i -> catalog.server(SharedCatalog.LONG)).toList();

    List<Materialization> runs = Race.atOnce(SERVERS, i -> servers.get(i).pending(KEY));

    for (Server server : servers) {
      assertThat(server.runs.list(KEY, null, 10, 0)).containsExactlyInAnyOrderElementsOf(runs);
      assertThat(server.control.entries().contents(KEY)).isEmpty();
    }
    assertThat(catalog.value("SELECT count(*) FROM schema_version")).isEqualTo("1");
  }

  @Test
  void aCatalogOfANewerIngotIsRefusedAndLeftAsItIs() throws Exception {
    Server before = catalog.server(SharedCatalog.LONG);
    before.pending(KEY);
    int newer = StateSchema.newest() + 1;
    catalog.update("INSERT INTO schema_version VALUES (%d)".formatted(newer));
    catalog.update("DROP TABLE workers");

    assertRefused(catalog.server(SharedCatalog.LONG), "newer Ingot (schema %d".formatted(newer));

    assertThat(catalog.value("SELECT to_regclass('ingot.workers') IS NULL")).isEqualTo("t");
  }

  @Test
  void aUserThatMayNotCreateSchemasIsRefusedClearly() throws Exception {
    assertRefused(catalog.server(SharedCatalog.LONG, limited().url()), "GRANT CREATE ON DATABASE");
    assertThat(catalog.value("SELECT to_regnamespace('ingot') IS NULL")).isEqualTo("t");
  }

  @Test
  void aUserThatMayNotReadTheTablesIsRefusedClearly() throws Exception {
    catalog.server(SharedCatalog.LONG).pending(KEY);

    assertRefused(
        catalog.server(SharedCatalog.LONG, limited().url()), "the user that made its tables");
  }

  /** One who may connect to the database and no more. */
  private TestDatabase limited() throws SQLException {
    TestDatabase database = catalog.database();
    var limited =
        new TestDatabase(database.server(), database.name(), database.user() + "_x", "secret_x");
    try (Connection connection = database.connectAsSuperuser();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE ROLE %s LOGIN NOSUPERUSER PASSWORD '%s'"
              .formatted(limited.user(), limited.password()));
    }
    return limited;
  }

  private static void assertRefused(Server server, String why) {
    assertThatThrownBy(() -> server.pending(KEY))
        .asInstanceOf(type(Fault.class))
        .satisfies(fault -> assertThat(fault.code()).isEqualTo(FaultCode.STORAGE_REFUSED))
        .satisfies(fault -> assertThat(fault.detail()).contains(why));
  }
}
