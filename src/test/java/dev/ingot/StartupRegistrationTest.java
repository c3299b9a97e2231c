package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.engine.TableName;
import dev.ingot.manifest.ManifestStore;
import dev.ingot.project.PackageKey;
import dev.ingot.startup.RegistrationSettings;
import dev.ingot.testing.Client;
import dev.ingot.testing.FaultyProxy;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Server;
import dev.ingot.testing.TestDatabase;
import dev.ingot.testing.TestPostgres;
import dev.ingot.testing.Wait;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import tools.jackson.databind.JsonNode;

/** What the settings name is there after the start, as they say it. */
@ExtendWith(OutputCaptureExtension.class)
class StartupRegistrationTest {

  private static final String MODEL = "source: orders is duckdb.table('data/orders.csv')";

  @TempDir Path folder;

  private static JsonNode project(Server server, String name) {
    return server.client().get("/api/v0/projects/" + name).expect(200).json();
  }

  private String location(String name) {
    Path where = folder.resolve("packages").resolve(name);
    PackageFiles.orders(where, MODEL);
    return where.toString();
  }

  @Test
  void whatIsMissingIsCreatedAndWhatDiffersIsChanged() {
    TestDatabase database = TestPostgres.database();
    String first = location("first");
    String second = location("second");
    try (Server server = Server.start(folder, "ingot.projects.shop.packages.orders=" + first)) {
      assertThat(project(server, "shop").at("/packages/0/location").asString()).isEqualTo(first);
    }

    String[] settings = {
      "ingot.projects.shop.packages.orders=" + second,
      "ingot.projects.shop.packages.more=" + first,
      "ingot.projects.shop.storage.catalog-url=" + database.url(),
      "ingot.projects.shop.storage.data-path=file://" + folder.resolve("data"),
    };
    for (int start = 0; start < 2; start++) {
      try (Server server = Server.start(folder, settings)) {
        JsonNode shop = project(server, "shop");
        assertThat(shop.at("/packages/0/location").asString()).isEqualTo(first);
        assertThat(shop.at("/packages/1/location").asString()).isEqualTo(second);
        assertThat(shop.at("/materializationStorage/catalogUrl").asString()).contains("***");
      }
    }

    try (Server server = Server.start(folder, "ingot.projects.shop.packages.more=" + first)) {
      assertThat(project(server, "shop").path("materializationStorage").isNull())
          .as("what isn't named stays")
          .isFalse();
    }
  }

  @Test
  void givensAreBoundFromTheFirstRequestOnAndStayBoundWhereNothingIsSaid() {
    String orders = location("orders");
    String packages = "ingot.projects.shop.packages.orders=" + orders;
    String bound = "{\"ORG\":\"claim:org_id\"}";
    for (String settings :
        List.of("ingot.projects.shop.givens.ORG=claim:org_id", "ingot.projects.shop.givens=")) {
      try (Server server = Server.start(folder, packages, settings)) {
        assertThat(project(server, "shop").path("givens").toString()).isEqualTo(bound);
      }
    }
    try (Server server =
        Server.start(folder, packages, "ingot.projects.shop.givens.TEAM=claim:team")) {
      assertThat(project(server, "shop").path("givens").toString())
          .isEqualTo("{\"TEAM\":\"claim:team\"}");
    }
  }

  @Test
  void theSampleMayBeAPackageOfAnyProject() {
    try (Server server = Server.start(folder, "ingot.projects.air.packages.busy=sample:flights")) {
      assertThat(project(server, "air").at("/packages/0/name").asString()).isEqualTo("busy");
      server.client().get("/api/v0/projects/air/packages/busy/models").expect(200);
    }
  }

  @Test
  void whatCannotBeSetUpIsToldAndHoldsNothingElseBack(CapturedOutput output) {
    TestDatabase database = TestPostgres.database();
    try (Server server =
        Server.start(
            folder,
            "ingot.projects.cut.storage.catalog-url="
                + database.url(database.host(), 1).replace(database.password(), "s3cr3t"),
            "ingot.projects.cut.storage.data-path=file:///x",
            "ingot.projects.half.storage.data-path=file:///x",
            "ingot.projects.shop.packages.none=" + folder.resolve("packages/none"),
            "ingot.projects.shop.packages.orders=" + location("orders"),
            "ingot.projects.shop.packages.other=sample:other")) {
      Client client = server.client();
      client.get("/api/v0/projects/cut").expect(404);
      client.get("/api/v0/projects/half").expect(404);
      client.get("/api/v0/projects/shop/packages/none").expect(404);
      client.get("/api/v0/projects/shop/packages/orders").expect(200);
    }
    assertThat(output.getAll())
        .contains("ingot.projects.cut", "***")
        .contains("ingot.projects.half", "catalog-url")
        .contains("ingot.projects.shop.packages.none")
        .contains("sample:flights")
        .doesNotContain("s3cr3t");
  }

  @Test
  void connectionsAreCreatedAndChangedBeforeThePackages(CapturedOutput output) {
    String connection = "ingot.projects.shop.connections.warehouse.";
    String orders = "ingot.projects.shop.packages.orders=" + location("orders");
    try (Server server =
        Server.start(
            folder,
            connection + "connection-string=postgres://u:s3cr3t@127.0.0.1:1/d?sslmode=require",
            connection + "schema=tables",
            connection + "properties.connectTimeout=5",
            "ingot.projects.shop.connections.duckdb.connection-string=postgres://u:s3cr3t@h/d",
            "ingot.projects.shop.connections.half.host=x",
            "ingot.projects.shop.connections.odd.connection-string=s3cr3t",
            orders)) {
      JsonNode connections = project(server, "shop").path("connections");
      assertThat(connections).hasSize(2);
      JsonNode shown = connections.path(1).path("postgresConnection");
      assertThat(shown.path("userName").asString()).isEqualTo("u");
      assertThat(shown.path("schema").asString()).isEqualTo("tables");
      assertThat(shown.path("sslmode").asString()).isEqualTo("require");
      assertThat(shown.at("/properties/connectTimeout").asString()).isEqualTo("5");
      server.client().get("/api/v0/projects/shop/packages/orders").expect(200);
    }

    String[] changed = {
      connection + "host=127.0.0.1",
      connection + "port=1",
      connection + "database-name=other",
      connection + "user-name=v",
      connection + "password=s3cr3t",
    };
    for (int start = 0; start < 2; start++) {
      try (Server server = Server.start(folder, changed)) {
        JsonNode shown = project(server, "shop").at("/connections/1/postgresConnection");
        assertThat(shown.path("databaseName").asString()).isEqualTo("other");
        assertThat(shown.path("schema").isNull()).isTrue();
        assertThat(shown.path("password").asString()).isEqualTo("***");
      }
    }
    assertThat(output.getAll())
        .contains("ingot.projects.shop.connections.duckdb", "choose another name")
        .contains("ingot.projects.shop.connections.half", "'databaseName' is missing")
        .contains("ingot.projects.shop.connections.odd", "'connectionString'")
        .containsOnlyOnce("Connection shop/warehouse is created with u@127.0.0.1:1/d")
        .containsOnlyOnce("Connection shop/warehouse has changed to v@127.0.0.1:1/other")
        .doesNotContain("s3cr3t");
  }

  @Test
  void whatDuckDbMayReadElsewhereIsGrantedAtTheStart(CapturedOutput output) {
    String attached = "ingot.projects.shop.connections.duckdb.attached-databases";
    String[] settings = {
      attached + "[0].name=lake",
      attached + "[0].type=s3",
      attached + "[0].prefix=s3://lake/orders/",
      attached + "[0].access-key-id=AKID",
      attached + "[0].secret-access-key=s3cr3t",
      attached + "[0].endpoint=http://127.0.0.1:9",
      attached + "[1].name=pg",
      attached + "[1].type=postgres",
      attached + "[1].postgres.connection-string=postgres://u:s3cr3t@127.0.0.1:1/d",
      "ingot.projects.half.connections.duckdb.attached-databases[0].name=a",
      "ingot.projects.half.connections.duckdb.attached-databases[0].type=s3",
      "ingot.projects.half.connections.duckdb.attached-databases[0].prefix=s3://lake/orders/",
      "ingot.projects.odd.connections.warehouse.attached-databases[0].name=a",
      "ingot.projects.odd.connections.warehouse.attached-databases[0].type=https",
      "ingot.projects.odd.connections.warehouse.host=h",
    };
    for (int start = 0; start < 2; start++) {
      try (Server server = Server.start(folder, settings)) {
        JsonNode all =
            project(server, "shop").at("/connections/0/duckdbConnection/attachedDatabases");
        assertThat(all).hasSize(2);
        assertThat(all.path(0).path("prefix").asString()).isEqualTo("s3://lake/orders/");
        assertThat(all.at("/0/s3Connection/endpoint").asString()).isEqualTo("http://127.0.0.1:9");
        assertThat(all.at("/0/s3Connection/secretAccessKey").asString()).isEqualTo("***");
        assertThat(all.at("/1/postgresConnection/userName").asString()).isEqualTo("u");
        assertThat(project(server, "half").at("/connections/0/duckdbConnection/attachedDatabases"))
            .isEmpty();
      }
    }
    assertThat(output.getAll())
        .containsOnlyOnce("Connection shop/duckdb is created")
        .doesNotContain("Connection shop/duckdb has changed")
        .contains("ingot.projects.half.connections.duckdb", "has no access to its bucket")
        .contains("ingot.projects.odd.connections.warehouse", "are for connections of type duckdb")
        .doesNotContain("s3cr3t");
  }

  @Test
  void aConnectionWithTablesIsNotChangedAtTheStart(CapturedOutput output) {
    String connection = "ingot.projects.shop.connections.warehouse.connection-string=";
    PackageKey key = PackageKey.of("shop", "orders");
    try (Server server = Server.start(folder, connection + "postgres://u:p@127.0.0.1:1/d")) {
      server
          .bean(ManifestStore.class)
          .intendViews(key, "warehouse", List.of(new TableName("public", "stock")));
    }

    try (Server server = Server.start(folder, connection + "postgres://u:p@127.0.0.1:1/other")) {
      JsonNode shown = project(server, "shop").at("/connections/1/postgresConnection");
      assertThat(shown.path("databaseName").asString()).isEqualTo("d");
    }
    assertThat(output.getAll()).contains("ERROR", "ingot.projects.shop.connections.warehouse");
  }

  @Test
  void aProjectWhoseCatalogIsAwayAtTheStartIsSetUpWhenItAnswers() {
    TestDatabase database = TestPostgres.database();
    try (FaultyProxy line = FaultyProxy.to(database.host(), database.port())) {
      line.cut();
      try (Server server =
          Server.start(
              folder,
              "ingot.projects.late.storage.catalog-url=" + database.url("127.0.0.1", line.port()),
              "ingot.projects.late.storage.data-path=file://" + folder.resolve("data"),
              "ingot.projects.late.packages.orders=" + location("orders"))) {
        server.client().get("/api/v0/projects/late").expect(404);

        line.resume();

        Wait.until(
            "it is registered",
            () -> server.client().get("/api/v0/projects/late/packages/orders").status() == 200);
      }
    }
  }

  @Test
  void environmentVariablesNameThemToo() {
    var environment = new StandardEnvironment();
    environment
        .getPropertySources()
        .addFirst(
            new SystemEnvironmentPropertySource(
                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                Map.of(
                    "INGOT_PROJECTS_SHOP_STORAGE_CATALOG_URL", "postgres://u:s3cr3t@h/d",
                    "INGOT_PROJECTS_SHOP_STORAGE_DATA_PATH", "file:///x",
                    "INGOT_PROJECTS_SHOP_PACKAGES_ORDERS", "/orders",
                    "INGOT_PROJECTS_SHOP_CONNECTIONS_WAREHOUSE_CONNECTION_STRING",
                        "postgres://u:s3cr3t@h/d",
                    "INGOT_PROJECTS_SHOP_CONNECTIONS_WAREHOUSE_DATABASENAME", "d",
                    "INGOT_PROJECTS_SHOP_CONNECTIONS_WAREHOUSE_PROPERTIES_CONNECTTIMEOUT", "5",
                    "INGOT_PROJECTS_AIR_STORAGE_CATALOGURL", "postgres://u:s3cr3t@h/e",
                    "INGOT_PROJECTS_AIR_STORAGE_DATAPATH", "file:///y")));

    RegistrationSettings settings =
        new Binder(ConfigurationPropertySources.get(environment))
            .bind("ingot", RegistrationSettings.class)
            .get();

    assertThat(settings.projects().get("shop"))
        .isEqualTo(
            new RegistrationSettings.ProjectSettings(
                new RegistrationSettings.StorageSettings("postgres://u:s3cr3t@h/d", "file:///x"),
                Map.of(),
                Map.of(
                    "warehouse",
                    new RegistrationSettings.ConnectionSettings(
                        null,
                        null,
                        "d",
                        null,
                        null,
                        "postgres://u:s3cr3t@h/d",
                        null,
                        null,
                        null,
                        null,
                        Map.of("connecttimeout", "5"),
                        List.of())),
                Map.of("orders", "/orders")));
    assertThat(settings.projects().get("air"))
        .isEqualTo(
            new RegistrationSettings.ProjectSettings(
                new RegistrationSettings.StorageSettings("postgres://u:s3cr3t@h/e", "file:///y"),
                Map.of(),
                Map.of(),
                Map.of()));
    assertThat(settings.toString()).doesNotContain("s3cr3t");
  }
}
