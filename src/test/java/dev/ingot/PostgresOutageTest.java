package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Answer;
import dev.ingot.testing.Client;
import dev.ingot.testing.OwnPostgres;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Server;
import dev.ingot.testing.TestDatabase;
import dev.ingot.testing.TestPostgres;
import dev.ingot.testing.Wait;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Databases behind connections that stop, and come again. */
class PostgresOutageTest {

  private static final String MIXED = PostgresPackageTest.MIXED;
  private static final String OWN =
      "SELECT relname FROM pg_class WHERE relkind = 'r' AND obj_description(oid, 'pg_class') LIKE 'ingot %'";

  private final Server server = Server.shared();
  private final Client client = server.client();
  private final TestDatabase database = TestPostgres.database();
  private final String project = "/api/v0/projects/" + server.project();

  @BeforeEach
  void begin() {
    database.execute(
        """
        CREATE TABLE orders (customer text, amount bigint);
        INSERT INTO orders VALUES ('ann', 10), ('bob', 7), ('cid', 1)
        """);
    client.post("/api/v0/projects", "{\"name\":\"%s\"}".formatted(server.project())).expect(201);
    client.post(project + "/connections", database.connection("warehouse")).expect(201);
  }

  @AfterEach
  void end() {
    client.delete(project + "?stop=true").expect(204);
  }

  @Test
  void whatIsOnAConnectionThatIsDownFailsAndTheOthersAreBuilt() throws IOException {
    try (OwnPostgres own = TestPostgres.own()) {
      TestDatabase other = own.database();
      other.execute("CREATE TABLE rates (code text, rate numeric)");
      client.post(project + "/connections", other.connection("finance")).expect(201);
      PackageFiles.orders(server.packageFolder("shop"), MIXED);
      PackageApi shop = server.register("shop");
      shop.plan("");
      own.stop();

      JsonNode run = shop.build("{\"onError\":\"publish\"}");

      assertThat(run.path("status").asString()).isEqualTo("SUCCESS");
      JsonNode failed = PackageApi.target(run, "rates_now");
      assertThat(failed.path("status").asString()).isEqualTo("FAILED");
      assertThat(failed.path("error").asString()).contains("Connection 'finance' can't be used: ");
      for (String built : List.of("items", "customers")) {
        assertThat(PackageApi.target(run, built).path("status").asString()).isEqualTo("BUILT");
      }
      assertThat(
              shop.query("orders.malloy", "run: customers -> { select: * }")
                  .expect(200)
                  .json()
                  .path("live"))
          .isEmpty();

      own.resume();
      JsonNode again = shop.buildOk();
      assertThat(PackageApi.target(again, "rates_now").path("status").asString())
          .isEqualTo("BUILT");
      assertThat(PackageApi.target(again, "items").path("status").asString()).isEqualTo("REUSED");
      client.delete(shop.path()).expect(204);
    }
  }

  @Test
  void aProjectIsNotForgottenWhileItsTablesCantBeDropped() throws IOException {
    try (OwnPostgres own = TestPostgres.own()) {
      TestDatabase other = own.database();
      other.execute("CREATE TABLE rates (code text, rate numeric)");
      client.post(project + "/connections", other.connection("finance")).expect(201);
      PackageFiles.orders(server.packageFolder("shop"), MIXED);
      server.register("shop").buildOk();
      own.stop();

      Answer refused = client.delete(project).expect(409);

      assertThat(refused.code()).isEqualTo("connection_in_use");
      assertThat(refused.text()).contains("1 tables on connection 'finance'", "abandon=true");
      own.resume();
      Wait.until("the database answers", () -> client.delete(project).status() == 204);
      assertThat(
              other.column(
                  "SELECT relname FROM pg_class WHERE obj_description(oid, 'pg_class') LIKE 'ingot %'"))
          .isEmpty();
    }
    client.post("/api/v0/projects", "{\"name\":\"%s\"}".formatted(server.project())).expect(201);
  }

  @Test
  void aDatabaseThatRestartsWhileItBuildsLeavesNothingBehind() throws IOException {
    try (OwnPostgres own = TestPostgres.own()) {
      TestDatabase other = own.database();
      client.post(project + "/connections", other.connection("finance")).expect(201);
      PackageFiles.create(server.packageFolder("slow"))
          .model(
              "slow.malloy",
              """
              #@ persist
              source: slow is finance.sql(\"""SELECT pg_sleep(2)::text AS x\""") -> { select: x }
              """);
      PackageApi slow = server.register("slow");
      String id = slow.create("{}");
      slow.start(id);
      Wait.until(
          "it is built",
          () ->
              other
                  .column("SELECT state FROM pg_stat_activity WHERE query LIKE 'CREATE TABLE%'")
                  .contains("active"));

      own.restartImmediately();

      assertThat(slow.await(id).path("status").asString()).isIn("SUCCESS", "FAILED");
      slow.buildOk();
      Wait.until("one table is there", () -> other.column(OWN).size() == 1);
      assertThat(slow.rows("slow.malloy", "run: slow -> { aggregate: n is count() }").toString())
          .isEqualTo("[{\"n\":1}]");
      client.delete(slow.path()).expect(204);
    }
  }
}
