package dev.ingot;

import static dev.ingot.testing.LineageReceiver.named;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.HookReceiver.Heard;
import dev.ingot.testing.LineageReceiver;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Server;
import dev.ingot.testing.TestBucket;
import dev.ingot.testing.TestDatabase;
import dev.ingot.testing.TestPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What tables are made of, wherever it lies, and what nobody is told. */
class LineageDatasetsTest {

  private static final TestBucket bucket = TestBucket.shared();

  @TempDir static Path folder;
  private static LineageReceiver receiver;
  private static Server server;
  private static TestDatabase database;

  @BeforeAll
  static void start() {
    receiver = LineageReceiver.on(0);
    server =
        Server.start(folder, receiver.setting(), "ingot.duckdb.private-hosts=127.0.0.1,localhost");
    database = TestPostgres.database();
    database.execute(
        """
        CREATE TABLE orders (id int, customer text, amount int);
        INSERT INTO orders VALUES (1, 'ann', 10), (2, 'bob', 20);
        CREATE VIEW big_orders AS SELECT * FROM orders WHERE amount > 10;
        """);
    bucket.client().put("lineage/days/1.csv", "placed,n\n1,2\n".getBytes(UTF_8));
    server
        .client()
        .post(
            "/api/v0/projects",
            """
            {"name":"p","connections":[%s,{"name":"duckdb","type":"duckdb","duckdbConnection":
             {"attachedDatabases":[%s,%s]}}]}
            """
                .formatted(
                    database.connection("warehouse"),
                    database.connection("pg"),
                    AttachedServer.s3("lake", "s3://lake/lineage/", bucket)))
        .expect(201);
  }

  @AfterAll
  static void stop() {
    server.close();
    receiver.close();
  }

  private static PackageApi register(String name, String model) {
    PackageFiles.orders(server.packageFolder(name), model);
    return server.register(name);
  }

  private static JsonNode table(PackageApi p, String name) {
    JsonNode run = p.buildOk();
    return receiver.ended(run.path("id").asString()).stream()
        .filter(event -> event.path("eventType").asString().equals("COMPLETE"))
        .filter(event -> event.path("job").path("name").asString().endsWith("." + name))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> inputs(JsonNode event) {
    return event.path("inputs").valueStream().map(LineageReceiver::named).sorted().toList();
  }

  private static String postgres() {
    return "postgres://%s:%d %s.".formatted(database.host(), database.port(), database.name());
  }

  @Test
  void ofPostgreSQLTheyAreTablesAndViews() {
    JsonNode event =
        table(
            register(
                "warehouse",
                """
                source: orders is warehouse.table('public.orders') extend {
                  join_one: big is warehouse.table('public.big_orders') on id = big.id
                  rename: buyer is customer
                  measure: total is big.amount.sum(), n is count()
                }
                #@ persist name="mart_orders"
                source: by_buyer is orders -> { group_by: buyer; aggregate: total, n }
                """),
            "mart_orders");

    assertThat(inputs(event))
        .containsExactly(postgres() + "public.big_orders", postgres() + "public.orders");
    JsonNode output = event.path("outputs").get(0);
    assertThat(named(output)).isEqualTo(postgres() + "public.mart_orders");
    assertThat(LineageTest.columns(output))
        .containsExactlyInAnyOrder(
            "buyer <- orders.customer DIRECT IDENTITY",
            "total <- big_orders.amount DIRECT AGGREGATION");
    assertThat(
            output
                .path("facets")
                .path("schema")
                .path("fields")
                .valueStream()
                .map(field -> field.path("name").asString()))
        .containsExactly("buyer", "total", "n");
  }

  @Test
  void elsewhereTheyAreObjectsAndAttachedTables() {
    PackageApi p =
        register(
            "elsewhere",
            """
            source: visits is duckdb.table('s3://lake/lineage/days/*.csv')
            source: orders is duckdb.table('pg.public.orders')
            #@ persist
            source: both is visits extend { join_cross: orders on true }
              -> { group_by: placed; aggregate: total is orders.amount.sum() }
            """);

    JsonNode event = table(p, "both");

    assertThat(inputs(event))
        .containsExactly(postgres() + "public.orders", "s3://lake lineage/days/*.csv");
    assertThat(LineageTest.columns(event.path("outputs").get(0)))
        .contains("total <- orders.amount DIRECT AGGREGATION")
        .anyMatch(
            line -> line.startsWith("placed <- ") && line.endsWith(".placed DIRECT IDENTITY"));
  }

  @Test
  void ofSqlOnlyTheTablesAreKnown() throws IOException {
    PackageApi p =
        register(
            "sql",
            """
            source: orders is duckdb.sql(\"""
              WITH other AS (SELECT 1 AS x)
              SELECT o.*, 'data/unread.csv' AS name
              FROM read_csv('data/orders.csv') o, other\""")
            #@ persist
            source: by_name is orders -> { group_by: name; aggregate: total is amount.sum() }
            """);
    PackageFiles.create(server.packageFolder("sql")).file("data/unread.csv", "a\n1\n");

    JsonNode event = table(p, "by_name");

    assertThat(inputs(event))
        .containsExactly("file " + folder.toRealPath().resolve("packages/sql/data/orders.csv"));
    JsonNode facets = event.path("outputs").get(0).path("facets");
    assertThat(facets.has("columnLineage")).isFalse();
    assertThat(facets.path("schema").path("fields")).hasSize(2);
  }

  @Test
  void ofWhatIsGatedTheSqlIsNotTold() {
    PackageFiles.orders(server.packageFolder("gated"), "")
        .file(
            "orders.malloy",
            """
            ##! experimental { persistence givens }
            given: TEAM :: string is 'sales'
            source: orders is duckdb.table('data/orders.csv')
            #(authorize) $TEAM = 'sales'
            source: gated is orders extend { where: customer != 'somebody-secret' }
            #@ persist
            source: of_gated is gated -> { group_by: customer; aggregate: n is count() }
            #@ persist
            source: free is orders -> { group_by: item; aggregate: n is count() }
            """);
    PackageApi p = server.register("gated");

    JsonNode gated = table(p, "of_gated");

    assertThat(gated.path("job").path("facets").has("sql")).isFalse();
    assertThat(gated.path("outputs")).hasSize(1);
    List<JsonNode> all =
        receiver.events(
            gated.path("run").path("facets").path("parent").path("run").path("runId").asString());
    assertThat(all.toString()).doesNotContain("somebody-secret");
    assertThat(all)
        .anyMatch(event ->
            event.path("job").path("name").asString().endsWith(".free")
                && event.path("job").path("facets").has("sql"));
  }

  @Test
  void whyAGatedTableFailedIsNotToldEither() {
    PackageFiles.orders(server.packageFolder("failing"), "")
        .file(
            "orders.malloy",
            """
            ##! experimental { persistence givens }
            given: TEAM :: string is 'sales'
            #(authorize) $TEAM = 'sales'
            source: gated is duckdb.sql(\"""select error('somebody-secret') as e from 'data/orders.csv'\""")
            #@ persist
            source: of_gated is gated -> { group_by: e }
            """);

    JsonNode run = server.register("failing").build();

    assertThat(run.path("error").asString()).contains("somebody-secret");
    List<JsonNode> events = receiver.ended(run.path("id").asString());
    assertThat(LineageReceiver.said(events))
        .endsWith("FAIL p.failing.duckdb.of_gated", "FAIL p.failing");
    assertThat(events.toString()).doesNotContain("somebody-secret");
  }

  @Test
  void noSecretIsTold() {
    table(
        register(
            "secrets",
            """
            #@ persist
            source: x is warehouse.table('public.orders') -> { aggregate: n is count() }
            #@ persist
            source: y is duckdb.table('pg.public.orders') -> { aggregate: n is count() }
            #@ persist
            source: z is duckdb.table('s3://lake/lineage/days/1.csv') -> { aggregate: n is count() }
            """),
        "x");

    String all = receiver.heard().stream().map(Heard::body).toList().toString();
    assertThat(all)
        .contains(database.host())
        .doesNotContain(database.password(), bucket.secret(), bucket.key(), database.user() + "@");
  }
}
