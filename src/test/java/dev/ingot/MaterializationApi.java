package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.manifest.ManifestStore;
import dev.ingot.testing.Answer;
import dev.ingot.testing.Client;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Server;
import dev.ingot.testing.SlowSql;
import dev.ingot.testing.Wait;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Two packages: one that is built at once, and one that a run never gets done with. */
abstract class MaterializationApi {

  static final String MODEL =
      """
      source: orders is duckdb.table('data/orders.csv') extend { measure: total is amount.sum() }
      #@ persist name="by_customer"
      source: by_customer is orders -> { group_by: customer; aggregate: total }
      #@ persist name="best"
      source: best is by_customer -> { select: *; where: total > 30 }
      """;
  static final String ENDLESS =
      MODEL
          + """
          source: numbers is duckdb.sql(\"""%s\""")
          #@ persist name="endless"
          source: endless is numbers -> { aggregate: x is max(h) }
          """
              .formatted(SlowSql.SELECT);
  static final String QUERY = "run: best -> { select: *; order_by: customer }";

  @TempDir static Path folder;
  static Server server;
  static Client client;
  static PackageApi fast;

  /** Has a version, and since then a model that a run never gets done with. */
  static PackageApi slow;

  static JsonNode slowManifest;

  @BeforeAll
  static void start() {
    server = Server.start(folder);
    client = server.client();
    fast = orders("fast");
    fast.buildOk();
    slow = orders("slow");
    slow.buildOk();
    slowManifest = slow.manifest();
    PackageFiles.orders(server.packageFolder("slow"), ENDLESS);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  static PackageApi orders(String name) {
    PackageFiles.orders(server.packageFolder(name), MODEL);
    return server.register(name);
  }

  @AfterEach
  void whatTheSlowPackageServesHasNotChanged() {
    for (JsonNode run : client.get(runs(slow) + "?status=RUNNING").expect(200).json()) {
      act(slow, run.path("id").asString(), "stop").expect(200);
    }
    ManifestStore store = server.bean(ManifestStore.class);
    Wait.until("what was stopped is cleaned up", () -> store.unfinished().isEmpty());
    assertThat(slow.manifest()).isEqualTo(slowManifest);
    Answer answer = slow.query("orders.malloy", QUERY).expect(200);
    assertThat(answer.rows()).hasSize(2);
    assertThat(answer.json().path("live")).isEmpty();
  }

  static String runs(PackageApi api) {
    return api.path() + "/materializations";
  }

  static Answer act(PackageApi api, String id, String action) {
    return client.post(runs(api) + "/" + id + "/" + action);
  }

  static Answer get(PackageApi api, String id) {
    return client.get(runs(api) + "/" + id);
  }

  static String status(PackageApi api, String id) {
    return get(api, id).expect(200).json().path("status").asString();
  }

  static String physical(Answer query) {
    JsonNode tables = query.expect(200).json().path("materialized");
    assertThat(tables).hasSize(1);
    return tables.get(0).path("physicalTable").asString();
  }

  /** A run of the slow package that is building what never ends. */
  static JsonNode building() {
    String id = slow.create("{}");
    act(slow, id, "start").expect(202);
    var seen = new ArrayList<JsonNode>();
    Wait.until(
        "the endless target is being built",
        () -> {
          JsonNode run = get(slow, id).expect(200).json();
          seen.add(run);
          return run.path("targets")
              .valueStream()
              .anyMatch(target ->
                  target.path("tableName").asString().equals("endless")
                      && target.path("status").asString().equals("RUNNING"));
        });
    return seen.getLast();
  }
}
