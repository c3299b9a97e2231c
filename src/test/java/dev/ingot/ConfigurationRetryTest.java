package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.startup.Registrations;
import dev.ingot.testing.FaultyProxy;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Server;
import dev.ingot.testing.SlowSql;
import dev.ingot.testing.TestDatabase;
import dev.ingot.testing.TestPostgres;
import dev.ingot.testing.Wait;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the file says and can't be yet. */
class ConfigurationRetryTest {

  private static final String SHOP = "/api/v0/projects/shop";

  @TempDir Path folder;

  private void write(String text) {
    try {
      Files.writeString(folder.resolve("ingot.json"), text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Server start() {
    return Server.start(folder, "ingot.config=" + folder.resolve("ingot.json"));
  }

  private void orders(String name) {
    PackageFiles.orders(
        folder.resolve("packages").resolve(name),
        "source: orders is duckdb.table('data/orders.csv')");
  }

  @Test
  void aPackageOfWhichARunIsAtWorkIsMovedAfterIt() {
    PackageFiles.orders(
        folder.resolve("packages/first"),
        "source: numbers is duckdb.sql(\"\"\"%s\"\"\")\n#@ persist\nsource: endless is numbers -> { aggregate: x is max(h) }\n"
            .formatted(SlowSql.SELECT));
    orders("second");
    String project =
        "{\"projects\": [{\"name\": \"shop\", \"packages\": [{\"name\": \"orders\", \"location\": \"packages/%s\"}]}]}";
    write(project.formatted("first"));
    try (Server server = start()) {
      var orders = new PackageApi(server.client(), SHOP + "/packages/orders");
      String run = orders.create("{}");
      orders.start(run);

      write(project.formatted("second"));
      server.bean(Registrations.class).applyFileAgain();
      assertThat(location(server)).endsWith("/first");
      server.client().post(orders.path() + "/materializations/" + run + "/stop").expect(200);

      Wait.until("it has moved", () -> location(server).endsWith("/second"));
    }
  }

  private static String location(Server server) {
    return server.client().get(SHOP + "/packages/orders").json().path("location").asString();
  }

  @Test
  void aProjectWhoseCatalogIsAwayIsSetUpAsTheFileSaysByThen() {
    TestDatabase database = TestPostgres.database();
    orders("first");
    String project =
        """
        {"projects": [{"name": "shop",
          "materializationStorage": {"catalogUrl": "%s", "dataPath": "file://%s"},
          "packages": [{"name": "%s", "location": "packages/first"}]}]}
        """;
    try (FaultyProxy line = FaultyProxy.to(database.host(), database.port())) {
      line.cut();
      String url = database.url("127.0.0.1", line.port());
      write(project.formatted(url, folder.resolve("data"), "before"));
      try (Server server = start()) {
        server.client().get(SHOP).expect(404);
        write(project.formatted(url, folder.resolve("data"), "after"));
        server.bean(Registrations.class).applyFileAgain();
        server.client().get(SHOP).expect(404);

        line.resume();

        Wait.until(
            "it is registered",
            () -> server.client().get(SHOP + "/packages/after").status() == 200);
        server.client().get(SHOP + "/packages/before").expect(404);
      }
    }
  }
}
