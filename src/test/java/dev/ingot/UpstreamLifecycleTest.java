package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Client;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Server;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * What clients of the upstream API do in a package's life, by its own paths and fields. Where it
 * differs, it is meant: a second materialization may be created while one is active.
 */
class UpstreamLifecycleTest {

  private static final String PROJECT = "/api/v0/projects/upstream";
  private static final String PACKAGE = PROJECT + "/packages/persist-test";
  private static final String RUNS = PACKAGE + "/materializations";

  private static Client client;
  private static PackageApi api;

  @BeforeAll
  static void register() {
    Server server = Server.shared();
    PackageFiles files =
        PackageFiles.orders(
            server.packageFolder("persist-test"),
            """
            source: orders is duckdb.table('data/orders.csv')
            #@ persist name="order_summary"
            source: order_summary is orders -> { group_by: customer; aggregate: n is count() }
            """);
    client = server.client();
    client
        .post(
            "/api/v0/projects",
            """
            {"name": "upstream", "connections": [],
             "packages": [{"name": "persist-test", "location": "%s"}]}
            """
                .formatted(files.folder()))
        .expect(201);
    assertThat(client.get(PACKAGE).expect(200).json().path("name").asString())
        .isEqualTo("persist-test");
    api = new PackageApi(client, PACKAGE);
  }

  @AfterAll
  static void delete() {
    client.delete(PROJECT).expect(204);
  }

  private static String create() {
    JsonNode created = client.post(RUNS, "{\"autoLoadManifest\": true}").expect(201).json();
    assertThat(created.path("status").asString()).isEqualTo("PENDING");
    return created.path("id").asString();
  }

  private static String build() {
    String id = create();
    JsonNode started = client.post(RUNS + "/" + id + "?action=start").expect(202).json();
    assertThat(started.path("status").asString()).isEqualTo("RUNNING");
    assertThat(api.await(id).path("status").asString()).isEqualTo("SUCCESS");
    return id;
  }

  private static JsonNode entries(JsonNode manifest) {
    return manifest.path("entries");
  }

  @Test
  void oneIsCreatedFoundStartedServedReloadedAndDeleted() {
    String pending = create();
    JsonNode list = client.get(RUNS).expect(200).json();
    assertThat(list.valueStream().map(run -> run.path("id").asString())).contains(pending);
    assertThat(api.get(pending).path("status").asString()).isEqualTo("PENDING");
    client.post(RUNS + "/" + pending + "?action=stop").expect(200);
    client.delete(RUNS + "/" + pending).expect(204);

    JsonNode forced = api.build("{\"forceRefresh\": true, \"autoLoadManifest\": true}");
    assertThat(forced.path("status").asString()).isEqualTo("SUCCESS");
    assertThat(forced.path("metadata").path("sourcesBuilt").asInt()).isEqualTo(1);

    JsonNode manifest = client.get(PACKAGE + "/manifest").expect(200).json();
    assertThat(entries(manifest).values())
        .singleElement()
        .satisfies(
            entry -> assertThat(entry.path("tableName").asString()).isEqualTo("order_summary"));
    JsonNode reloaded = client.post(PACKAGE + "/manifest?action=reload").expect(200).json();
    assertThat(entries(reloaded)).isEqualTo(entries(manifest));
    client.delete(RUNS + "/" + forced.path("id").asString()).expect(204);
    client.get(RUNS + "/" + forced.path("id").asString()).expect(404);
  }

  @Test
  void whatAStateForbidsIsAConflict() {
    String id = create();
    client.delete(RUNS + "/" + id).expect(409);

    JsonNode stopped = client.post(RUNS + "/" + id + "?action=stop").expect(200).json();

    assertThat(stopped.path("status").asString()).isEqualTo("CANCELLED");
    client.post(RUNS + "/" + id + "?action=start").expect(409);
    client.delete(RUNS + "/" + id).expect(204);
    client.get(RUNS + "/non-existent-id-12345").expect(404);
  }

  @Test
  void aTeardownSaysWhatItWouldDropAndThenDropsIt() {
    client.delete(RUNS + "/" + build()).expect(204);

    JsonNode would = client.post(RUNS + "/teardown", "{\"dryRun\": true}").expect(200).json();
    assertThat(would.path("dropped").size()).isEqualTo(1);
    assertThat(would.path("errors").isEmpty()).isTrue();
    assertThat(entries(api.manifest()).size()).isEqualTo(1);

    JsonNode did = client.post(RUNS + "/teardown").expect(200).json();
    assertThat(did.path("dropped")).isEqualTo(would.path("dropped"));
    assertThat(entries(api.manifest()).isEmpty()).isTrue();

    String pending = create();
    client.post(RUNS + "/teardown").expect(409);
    client.post(RUNS + "/" + pending + "?action=stop").expect(200);
  }
}
