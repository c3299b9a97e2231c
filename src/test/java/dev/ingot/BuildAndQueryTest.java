package dev.ingot;

import static dev.ingot.testing.Models.BY_CUSTOMER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.engine.TableName;
import dev.ingot.testing.Answer;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageDatabase;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Server;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class BuildAndQueryTest {

  private static final String QUERY = "run: by_customer -> { select: *; order_by: customer }";

  private static Server server;

  @BeforeAll
  static void start() {
    server = Server.shared();
  }

  @Test
  void aPersistSourceIsReadFromItsTableOnceItIsBuilt() {
    PackageFiles.orders(server.packageFolder("slice"), BY_CUSTOMER);
    PackageApi slice = server.register("slice");

    Answer before = slice.query("orders.malloy", QUERY).expect(200);
    JsonNode run = slice.buildOk();
    Answer after = slice.query("orders.malloy", QUERY).expect(200);

    assertThat(before.rows()).hasSize(3).isEqualTo(after.rows());
    assertThat(before.json().path("live").get(0).path("source").asString())
        .isEqualTo("by_customer");
    assertThat(after.json().path("live")).isEmpty();
    JsonNode table = after.json().path("materialized").get(0);
    assertThat(table.path("tableName").asString()).isEqualTo("by_customer");
    String physical = PackageApi.target(run, "by_customer").path("physicalTable").asString();
    assertThat(table.path("physicalTable").asString()).isEqualTo(physical);
    assertThat(after.json().path("sql").asString()).contains(physical.substring("main.".length()));
  }

  @Test
  void whatDidNotCompileIsTriedAgainThoughTheTextsAreTheSame() {
    PackageFiles.create(server.packageFolder("again"))
        .model("late.malloy", "source: late is duckdb.table('late')\n");
    PackageApi again = server.register("again");
    String query = "run: late -> { select: * }";
    again.query("late.malloy", query).expect(424);

    PackageDatabase.of(server, "again").createTable(new TableName("main", "late"), "select 7 AS n");
    server.client().post(again.path() + "/manifest/reload").expect(200);

    assertThat(again.rows("late.malloy", query).get(0).path("n").asInt()).isEqualTo(7);
  }

  @Test
  void aModelCantReachWhatDoesMoreThanSelect() {
    PackageFiles.create(server.packageFolder("hostile"))
        .model(
            "h.malloy",
            """
            source: z is duckdb.sql(\"""select * from enable_logging('QueryLog',
              storage='file', storage_path='/nowhere/ingot')\""")
            """);
    PackageApi hostile = server.register("hostile");

    Answer refused = hostile.query("h.malloy", "run: z -> { select: * }").expect(424);

    assertThat(refused.text()).contains("enable_logging");
    server.client().get("/health").expect(200);
  }
}
