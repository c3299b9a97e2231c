package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.engine.TableName;
import dev.ingot.manifest.Generation;
import dev.ingot.manifest.ManifestEntry;
import dev.ingot.manifest.ManifestStore;
import dev.ingot.manifest.ManifestVersion;
import dev.ingot.materialization.MaterializationStatus;
import dev.ingot.materialization.MaterializationStore;
import dev.ingot.materialization.RunEnd;
import dev.ingot.project.PackageKey;
import dev.ingot.testing.Answer;
import dev.ingot.testing.Client;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Refusal;
import dev.ingot.testing.Server;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * A connection whose database has tables on record leads there until they are given up. The
 * database isn't asked, and isn't there.
 */
class ConnectionInUseTest {

  private static final String MODEL =
      """
      #@ persist
      source: totals is duckdb.table('data/orders.csv') -> { aggregate: n is count() }
      """;
  private static final String QUERY = "run: totals -> { select: * }";
  private static final String ELSEWHERE =
      "{\"postgresConnection\":{\"databaseName\":\"other\",\"password\":\"p\"}}";

  private final Server server = Server.shared();
  private final Client client = server.client();
  private final String project = "/api/v0/projects/" + server.project();
  private final String warehouse = project + "/connections/warehouse";
  private final PackageKey key = PackageKey.of(server.project(), "orders");
  private final ManifestStore manifests = server.bean(ManifestStore.class);
  private final MaterializationStore runs = server.bean(MaterializationStore.class);

  private PackageApi orders;

  @BeforeEach
  void begin() {
    PackageFiles.orders(server.packageFolder("orders"), MODEL);
    orders = server.register("orders");
    orders.buildOk();
    String body =
        """
        {"name":"warehouse","type":"postgres","postgresConnection":{
         "host":"127.0.0.1","port":1,"databaseName":"d","userName":"u","password":"p"}}
        """;
    client.post(project + "/connections", body).expect(201);
  }

  @AfterEach
  void end() {
    client.delete(project + "?stop=true").expect(204);
  }

  /** A table on the connection that nobody looks for. */
  private Generation generation(PackageKey of, String name) {
    String id = UUID.randomUUID().toString();
    var table = new TableName("public", name + "__" + id.substring(0, 8));
    var generation =
        new Generation(
            id,
            of,
            new Generation.Target(
                "build of " + name, "warehouse", new TableName("public", name), "SELECT 1"),
            table,
            new Generation.Source("a run", Set.of(), "the warehouse"),
            null);
    manifests.intend(List.of(generation));
    return generation;
  }

  /** As a run would that builds on both connections. */
  private void publishBoth() {
    ManifestVersion current = manifests.current(key).orElseThrow();
    Generation warehoused = generation(key, "stock");
    manifests.intendViews(key, "warehouse", List.of(warehoused.declared()));
    List<ManifestEntry> both =
        Stream.concat(
                current.entries().stream(),
                Stream.of(new ManifestEntry(warehoused, warehoused.declared(), List.of("stock"))))
            .toList();
    var next =
        new ManifestVersion(
            key,
            current.number() + 1,
            new ManifestVersion.Cause.Teardown(),
            Instant.parse("2026-01-02T03:04:05Z"),
            both);
    assertThat(runs.publish(next, Set.of())).isTrue();
    client.post(orders.path() + "/manifest/reload").expect(200);
  }

  private void answersFromItsTable() {
    Answer answer = orders.query("orders.malloy", QUERY).expect(200);
    assertThat(answer.json().path("live")).isEmpty();
    assertThat(answer.json().path("materialized")).hasSize(1);
  }

  private String database() {
    return client.get(warehouse).json().at("/postgresConnection/databaseName").asString();
  }

  @Test
  void aConnectionWithoutTablesLeadsElsewhere() {
    client.patch(warehouse, ELSEWHERE).expect(200);

    assertThat(database()).isEqualTo("other");
    client.delete(warehouse).expect(204);
    answersFromItsTable();
  }

  @Test
  void aConnectionWithTablesStaysUntilTheyAreGivenUp() {
    publishBoth();

    for (Answer refused : List.of(client.patch(warehouse, ELSEWHERE), client.delete(warehouse))) {
      Refusal.check(
          refused,
          409,
          "connection_in_use",
          "1 of Ingot's tables",
          "orders",
          "teardown",
          "abandon=true");
    }
    assertThat(database()).isEqualTo("d");
    String credentials = "{\"postgresConnection\":{\"password\":\"q\",\"sslmode\":\"require\"}}";
    client.patch(warehouse, credentials).expect(200);

    client.patch(warehouse + "?abandon=true", ELSEWHERE).expect(200);

    assertThat(database()).isEqualTo("other");
    nothingIsOnRecord();
    JsonNode manifest = orders.manifest();
    assertThat(manifest.path("entries")).as("what lies in its own database stays").hasSize(1);
    assertThat(manifest.path("servedVersion")).isEqualTo(manifest.path("version"));
    answersFromItsTable();
    orders.buildOk();
    answersFromItsTable();
    client.delete(warehouse).expect(204);
  }

  private void nothingIsOnRecord() {
    assertThat(manifests.generations(key))
        .extracting(Generation::connection)
        .containsOnly("duckdb");
    assertThat(manifests.views(key, "warehouse")).isEmpty();
    assertThat(manifests.versions(key))
        .allSatisfy(version ->
            assertThat(version.entries())
                .extracting(entry -> entry.generation().connection())
                .doesNotContain("warehouse"));
  }

  @Test
  void aTableThatWasOnlyIntendedCountsAndThatOfAPackageThatIsGoneToo() {
    generation(key, "stock");
    PackageKey gone = PackageKey.of(server.project(), "gone");
    generation(gone, "leftover");

    Refusal.check(
        client.delete(warehouse), 409, "connection_in_use", "2 of Ingot's tables", "gone, orders");
    client.delete(warehouse + "?abandon=true").expect(204);

    nothingIsOnRecord();
    assertThat(manifests.generations(gone)).isEmpty();
    client.get(warehouse).expect(404);
    answersFromItsTable();
  }

  @Test
  void aViewThatCouldNotBeDroppedCountsToo() {
    manifests.intendViews(key, "warehouse", List.of(new TableName("public", "stock")));

    Refusal.check(client.delete(warehouse), 409, "connection_in_use", "1 of its views", "orders");
    client.delete(warehouse + "?abandon=true").expect(204);
    nothingIsOnRecord();
  }

  @Test
  void aConnectionDoesNotLeadElsewhereWhileARunIsAtWork() {
    String id = orders.create("{}");
    var _ = runs.claim(key, id, Instant.now());

    Refusal.check(client.patch(warehouse, ELSEWHERE), 409, "package_busy", "orders");
    Refusal.check(client.delete(warehouse + "?abandon=true"), 409, "package_busy", "orders");
    client.patch(warehouse, "{\"postgresConnection\":{\"password\":\"q\"}}").expect(200);

    runs.end(
        key, id, RunEnd.cancelled(MaterializationStatus.RUNNING, Instant.now(), "by the test"));
    client.delete(warehouse).expect(204);
  }

  @Test
  void aPackageFollowsTheConnectionsOfItsProject() {
    PackageFiles.create(server.packageFolder("late"))
        .model("m.malloy", "source: stock is later.table('public.stock')");
    PackageApi late = server.register("late");
    assertThat(problem(late)).contains("no connection \"later\"");

    String body =
        """
        {"name":"later","type":"postgres","postgresConnection":{
         "host":"127.0.0.1","port":1,"databaseName":"d","userName":"u"}}
        """;
    client.post(project + "/connections", body).expect(201);
    assertThat(problem(late)).isNotBlank().doesNotContain("no connection");

    client.delete(project + "/connections/later").expect(204);
    assertThat(problem(late)).contains("no connection \"later\"");
  }

  private String problem(PackageApi of) {
    return client.get(of.path() + "/models").expect(200).json().at("/0/error").asString();
  }
}
