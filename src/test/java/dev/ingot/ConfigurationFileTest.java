package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.fault.StartupFailure;
import dev.ingot.startup.Registrations;
import dev.ingot.testing.Answer;
import dev.ingot.testing.Client;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Refusal;
import dev.ingot.testing.Server;
import dev.ingot.testing.TestDatabase;
import dev.ingot.testing.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;

/** What the file says is there, and is what the file says. */
@ExtendWith(OutputCaptureExtension.class)
class ConfigurationFileTest {

  private static final String SHOP = "/api/v0/projects/shop";
  private static final String MODEL = "source: orders is duckdb.table('data/orders.csv')";
  private static final String WAREHOUSE =
      """
      {"name": "%s", "type": "postgres",
       "postgresConnection": {"connectionString": "postgres://u:s3cr3t@127.0.0.1:1/%s"}}
      """;

  @TempDir Path folder;

  private void write(String text) {
    try {
      Files.writeString(folder.resolve("ingot.json"), text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Server start(String... settings) {
    String[] all = new String[settings.length + 1];
    System.arraycopy(settings, 0, all, 0, settings.length);
    all[settings.length] = "ingot.config=" + folder.resolve("ingot.json");
    return Server.start(folder, all);
  }

  private void orders(String name) {
    PackageFiles.orders(folder.resolve("packages").resolve(name), MODEL);
  }

  private static JsonNode shop(Server server) {
    return server.client().get(SHOP).expect(200).json();
  }

  @Test
  void whatTheFileSaysIsThereAfterEachStartAndTheSignal(CapturedOutput output) {
    TestDatabase database = TestPostgres.database();
    orders("first");
    orders("second");
    write(
        """
        {"projects": [{"name": "shop", "connections": [%s],
          "packages": [{"name": "orders", "location": "packages/first", "description": "Orders"}]}]}
        """
            .formatted(WAREHOUSE.formatted("warehouse", "one")));
    for (int start = 0; start < 2; start++) {
      try (Server server = start()) {
        JsonNode shop = shop(server);
        assertThat(shop.at("/connections/1/postgresConnection/databaseName").asString())
            .isEqualTo("one");
        assertThat(shop.at("/connections/1/postgresConnection/password").asString())
            .isEqualTo("***");
        assertThat(shop.at("/packages/0/location").asString())
            .isEqualTo(folder.resolve("packages/first").toString());
        server.client().get(SHOP + "/packages/orders/models/orders.malloy").expect(200);
      }
    }

    try (Server server = start()) {
      write(
          """
          {"projects": [{"name": "shop", "connections": [%s, %s],
            "materializationStorage": {"catalogUrl": "%s", "dataPath": "file://%s"},
            "packages": [{"name": "orders", "location": "packages/second", "strict": true},
              {"name": "more", "location": "packages/first"}]},
            {"name": "other"}]}
          """
              .formatted(
                  WAREHOUSE.formatted("warehouse", "two"),
                  WAREHOUSE.formatted("more", "one"),
                  database.url(),
                  folder.resolve("data")));
      server.bean(Registrations.class).applyFileAgain();

      JsonNode shop = shop(server);
      assertThat(shop.path("connections")).hasSize(3);
      assertThat(shop.path("connections").toString()).contains("\"two\"");
      assertThat(shop.at("/materializationStorage/dataPath").asString())
          .isEqualTo("file://" + folder.resolve("data"));
      JsonNode orders = server.client().get(SHOP + "/packages/orders").expect(200).json();
      assertThat(orders.path("location").asString()).endsWith("/packages/second");
      assertThat(orders.path("strict").asBoolean()).isTrue();
      assertThat(orders.path("description").asString()).isEqualTo("Orders");
      server.client().get(SHOP + "/packages/more").expect(200);
      server.client().get("/api/v0/projects/other").expect(200);
    }
    assertThat(output.getAll())
        .containsOnlyOnce("Connection shop/warehouse is created")
        .containsOnlyOnce("Package shop/orders is registered")
        .contains("is read again: projects 2, packages 2, connections 2")
        .doesNotContain("s3cr3t");
  }

  @Test
  void whatComesFromTheFileIsReadOnlyAndOthersMayStandBeside() {
    orders("first");
    write(
        """
        {"projects": [{"name": "shop", "connections": [%s, {"name": "duckdb", "type": "duckdb"}],
          "packages": [{"name": "orders", "location": "packages/first"}]}]}
        """
            .formatted(WAREHOUSE.formatted("warehouse", "one")));
    try (Server server = start()) {
      Client client = server.client();
      assertThat(client.get("/api/v0/status").json().path("frozenConfig").asBoolean()).isFalse();
      for (Answer refused :
          new Answer[] {
            client.post("/api/v0/projects", "{\"name\": \"shop\"}"),
            client.patch(SHOP, "{\"materializationStorage\": null}"),
            client.patch(SHOP, "{}"),
            client.delete(SHOP),
            client.patch(SHOP + "/packages/orders", "{\"description\": \"x\"}"),
            client.delete(SHOP + "/packages/orders"),
            client.patch(SHOP + "/connections/warehouse", "{}"),
            client.delete(SHOP + "/connections/warehouse"),
            client.patch(SHOP + "/connections/duckdb", "{}"),
          }) {
        Refusal.check(refused, 403, "read_only", "ingot.json", "SIGHUP");
        assertThat(refused.text()).doesNotContain(folder.toString());
      }
      client.post(SHOP + "/connections", WAREHOUSE.formatted("beside", "x")).expect(201);
      client
          .post(
              SHOP + "/packages",
              "{\"name\": \"beside\", \"location\": \"%s\"}"
                  .formatted(folder.resolve("packages/first")))
          .expect(201);
      client.patch(SHOP + "/packages/beside", "{\"description\": \"x\"}").expect(200);
      client.delete(SHOP + "/packages/beside").expect(204);
      client.delete(SHOP + "/connections/beside").expect(204);
      client.post("/api/v0/projects", "{\"name\": \"mine\"}").expect(201);
      client.delete("/api/v0/projects/mine").expect(204);

      write("{\"projects\": []}");
      server.bean(Registrations.class).applyFileAgain();

      assertThat(shop(server).path("packages")).as("what left the file stays").hasSize(1);
      client.patch(SHOP + "/packages/orders", "{\"description\": \"x\"}").expect(200);
      client.delete(SHOP + "/connections/warehouse").expect(204);
      client.delete(SHOP).expect(204);
    }
  }

  @Test
  void aFrozenServerIsChangedByItsFileOnly() {
    orders("first");
    write(
        """
        {"frozenConfig": true, "projects": [{"name": "shop",
          "packages": [{"name": "orders", "location": "packages/first"}]}]}
        """);
    try (Server server = start()) {
      Client client = server.client();
      assertThat(client.get("/api/v0/status").json().path("frozenConfig").asBoolean()).isTrue();
      for (Answer refused :
          new Answer[] {
            client.post("/api/v0/projects", "{\"name\": \"mine\"}"),
            client.delete(SHOP),
            client.patch(SHOP, "{\"materializationStorage\": null}"),
            client.post(SHOP + "/packages", "{\"name\": \"x\", \"location\": \"x\"}"),
            client.patch(SHOP + "/packages/orders", "{\"description\": \"x\"}"),
            client.delete(SHOP + "/packages/orders"),
            client.post(SHOP + "/connections", WAREHOUSE.formatted("c", "d")),
            client.patch(SHOP + "/connections/duckdb", "{}"),
            client.delete(SHOP + "/connections/duckdb"),
          }) {
        Refusal.check(refused, 403, "frozen", "ingot.json", "SIGHUP");
      }
      client
          .post(
              SHOP + "/packages/orders/models/orders.malloy/query",
              "{\"query\": \"run: orders -> { aggregate: n is count() }\"}")
          .expect(200);
      client.post(SHOP + "/packages/orders/materializations", "{}").expect(201);
      client.post("/api/v0/connections/test", WAREHOUSE.formatted("c", "d")).expect(200);

      write("{\"projects\": [{\"name\": \"shop\"}]}");
      server.bean(Registrations.class).applyFileAgain();

      client.post("/api/v0/projects", "{\"name\": \"mine\"}").expect(201);
    }
  }

  @Test
  void aFileThatIsWrongAtTheSignalChangesNothing(CapturedOutput output) {
    orders("first");
    write(
        "{\"projects\": [{\"name\": \"shop\", \"packages\": [{\"name\": \"orders\", \"location\": \"packages/first\"}]}]}");
    try (Server server = start()) {
      write(
          "{\"projects\": [{\"name\": \"new\"}, {\"name\": \"shop\", \"packages\": [{\"name\": \"orders\", \"locaton\": \"s3cr3t\"}]}]}");
      server.bean(Registrations.class).applyFileAgain();

      server.client().get("/api/v0/projects/new").expect(404);
      assertThat(server.client().delete(SHOP + "/packages/orders").code()).isEqualTo("read_only");
    }
    assertThat(output.getAll())
        .contains("what it said before stays", "did you mean 'location'?")
        .doesNotContain("s3cr3t");
  }

  @Test
  void aFileThatIsWrongAtTheStartIsToldWithAllItsMistakesAndNothingStarts() {
    write("{\"projects\": [{\"nmae\": \"a\"}, {\"name\": \"b\", \"packages\": {}}]}");

    assertThatThrownBy(this::start)
        .rootCause()
        .isInstanceOf(StartupFailure.class)
        .hasMessageContaining("1:15: /projects/0/name: Field 'name' is missing")
        .hasMessageContaining("did you mean 'name'?")
        .hasMessageContaining("/projects/1/packages");
  }

  @Test
  void whatCannotBeSetUpHoldsNothingElseBack(CapturedOutput output) {
    orders("first");
    write(
        """
        {"projects": [{"name": "shop", "packages": [
          {"name": "none", "location": "packages/none"},
          {"name": "outside", "location": "/"},
          {"name": "sample", "location": "sample:other"},
          {"name": "orders", "location": "packages/first"}]}]}
        """);
    try (Server server = start()) {
      assertThat(shop(server).path("packages")).hasSize(1);
    }
    assertThat(output.getAll())
        .contains("Package 'none' of project 'shop' is not set up as ingot.json says")
        .contains("Package 'outside' of project 'shop'", "sample:flights")
        .contains("Mend it, and send SIGHUP or start again");
  }

  @Test
  void theFileWinsOverTheSettingsWhereBothNameTheSame(CapturedOutput output) {
    orders("first");
    orders("second");
    write(
        """
        {"projects": [{"name": "shop", "connections": [%s],
          "packages": [{"name": "orders", "location": "packages/first"}]}]}
        """
            .formatted(WAREHOUSE.formatted("warehouse", "one")));
    for (int start = 0; start < 2; start++) {
      try (Server server =
          start(
              "ingot.projects.shop.packages.orders=" + folder.resolve("packages/second"),
              "ingot.projects.shop.packages.more=" + folder.resolve("packages/second"),
              "ingot.projects.shop.connections.warehouse.connection-string=postgres://v:p@h/d",
              "ingot.projects.air.packages.busy=" + folder.resolve("packages/second"))) {
        JsonNode shop = shop(server);
        assertThat(shop.path("packages").toString())
            .contains("/packages/first\"", "\"more\"", "/packages/second\"");
        assertThat(shop.at("/connections/1/postgresConnection/userName").asString()).isEqualTo("u");
        server.client().get("/api/v0/projects/air/packages/busy").expect(200);
        server.client().delete(SHOP + "/packages/more").expect(204);
      }
    }
    assertThat(output.getAll())
        .contains("The settings say what package shop/orders is, and so does ingot.json")
        .contains("The settings say what connection shop/warehouse is, and so does ingot.json")
        .doesNotContain("has changed");
  }
}
