package dev.ingot;

import static dev.ingot.testing.RunReport.what;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Answer;
import dev.ingot.testing.Client;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Server;
import dev.ingot.testing.TestDatabase;
import dev.ingot.testing.TestPostgres;
import dev.ingot.testing.Wait;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Packages whose data lies in PostgreSQL, alone and beside files. */
class PostgresPackageTest {

  private static final String MODEL =
      """
      source: orders is warehouse.table('public.orders')

      #@ persist name="mart.by_customer"
      source: by_customer is orders -> {
        group_by: customer
        aggregate: total is amount.sum(), orders is count()
      }

      #@ persist
      source: big is by_customer -> { where: total > 10; select: customer, total }

      query: nested is orders -> {
        group_by: customer
        aggregate: total is amount.sum()
        nest: visits is {
          group_by: placed, h is hour(at)
          aggregate: n is count()
          order_by: placed
        }
        order_by: customer
      }
      """;
  private static final String BY_CUSTOMER = "run: by_customer -> { select: *; order_by: customer }";
  private static final String BIG = "run: big -> { select: *; order_by: customer }";

  static final String MIXED =
      """
      #@ persist
      source: items is duckdb.table('data/orders.csv') -> {
        group_by: item; aggregate: total is amount.sum()
      }

      #@ persist
      source: customers is warehouse.table('public.orders') -> {
        group_by: customer; aggregate: n is count()
      }

      #@ persist name="rates_now"
      source: rates is finance.table('public.rates') -> { select: code, rate }
      """;

  private final Server server = Server.shared();
  private final Client client = server.client();
  private final TestDatabase database = TestPostgres.database();
  private final String project = "/api/v0/projects/" + server.project();

  @BeforeEach
  void begin() {
    database.execute(
        """
        CREATE SCHEMA mart;
        CREATE TABLE orders (customer text, amount bigint, placed date, at timestamp);
        INSERT INTO orders VALUES ('ann', 10, '2024-01-02', '2024-01-02 03:04:05'),
          ('ann', 5, '2024-01-03', '2024-01-03 04:05:06'),
          ('bob', 7, '2024-01-02', '2024-01-02 05:06:07'),
          ('čeněk', 9007199254740993, '1500-02-28', '1500-02-28 00:00:00');
        """);
    client.post("/api/v0/projects", "{\"name\":\"%s\"}".formatted(server.project())).expect(201);
    client.post(project + "/connections", database.connection("warehouse")).expect(201);
  }

  @AfterEach
  void end() {
    client.delete(project + "?stop=true").expect(204);
  }

  private PackageApi register(String model) {
    PackageFiles.create(server.packageFolder("shop")).model("shop.malloy", model);
    return server.register("shop");
  }

  /** Views follow a run that has ended. */
  private static void shown(TestDatabase in, String view) {
    Wait.until(
        view + " is there",
        () -> !in.column("SELECT to_regclass('%s')".formatted(view)).contains("null"));
  }

  @Test
  void itsSourcesAreBuiltThereAndReadFromTheirTables() {
    PackageApi shop = register(MODEL);
    Answer liveTotals = shop.query("shop.malloy", BY_CUSTOMER).expect(200);
    Answer liveBig = shop.query("shop.malloy", BIG).expect(200);
    assertThat(liveTotals.json().path("live")).hasSize(1);

    JsonNode run = shop.buildOk();

    assertThat(PackageApi.target(run, "mart.by_customer").path("rows").asInt()).isEqualTo(3);
    Answer totals = shop.query("shop.malloy", BY_CUSTOMER).expect(200);
    assertThat(totals.json().path("live")).isEmpty();
    assertThat(totals.rows()).isEqualTo(liveTotals.rows());
    assertThat(totals.rows().get(2).path("total").asString()).isEqualTo("9007199254740993");
    assertThat(shop.query("shop.malloy", BIG).expect(200).rows()).isEqualTo(liveBig.rows());
    shown(database, "mart.by_customer");
    assertThat(database.column("SELECT total FROM mart.by_customer ORDER BY customer"))
        .containsExactly("15", "7", "9007199254740993");
    shown(database, "big");
    assertThat(database.column("SELECT count(*) FROM big")).containsExactly("2");
    assertThat(shop.buildOk().path("targets"))
        .allMatch(target -> target.path("reason").asString().equals("UNCHANGED"));
  }

  @Test
  void whatIsNestedHasItsNumbersAndTimes() {
    PackageApi shop = register(MODEL);

    JsonNode rows = shop.named("shop.malloy", "nested").expect(200).rows();

    assertThat(rows.get(0).path("visits").toString())
        .isEqualTo(
            "[{\"placed\":\"2024-01-02\",\"h\":3,\"n\":1},{\"placed\":\"2024-01-03\",\"h\":4,\"n\":1}]");
    assertThat(rows.get(2).path("visits").get(0).path("placed").asString()).isEqualTo("1500-02-28");
  }

  @Test
  void aPackageMayHaveSeveralConnectionsAndPublishesThemTogether() {
    TestDatabase other = TestPostgres.database();
    other.execute(
        "CREATE TABLE rates (code text, rate numeric); INSERT INTO rates VALUES ('EUR', 1.25)");
    client.post(project + "/connections", other.connection("finance")).expect(201);
    PackageFiles.orders(server.packageFolder("shop"), MIXED);
    PackageApi shop = server.register("shop");
    String[] queries = {
      "run: items -> { select: *; order_by: item }",
      "run: customers -> { select: *; order_by: customer }",
      "run: rates -> { select: * }"
    };
    List<JsonNode> live =
        Stream.of(queries).map(query -> shop.rows("orders.malloy", query)).toList();

    JsonNode run = shop.buildOk();

    assertThat(run.path("targets")).hasSize(3);
    for (int i = 0; i < queries.length; i++) {
      Answer answer = shop.query("orders.malloy", queries[i]).expect(200);
      assertThat(answer.json().path("live")).isEmpty();
      assertThat(answer.rows()).isEqualTo(live.get(i));
    }
    assertThat(live.getLast().get(0).path("rate").toString()).isEqualTo("1.25");
    assertThat(shop.manifest().path("version").asInt()).isEqualTo(1);
    shown(other, "rates_now");
    shown(database, "customers");
    assertThat(other.column("SELECT rate FROM rates_now")).containsExactly("1.25");
    assertThat(database.column("SELECT count(*) FROM customers")).containsExactly("3");
  }

  @Test
  void oneNameOnTwoConnectionsToOneDatabaseIsOneTable() {
    client
        .post(
            project + "/connections",
            database.connection("again").replace("127.0.0.1", "localhost"))
        .expect(201);
    PackageApi shop =
        register(
            MODEL
                + """
                #@ persist name="mart.by_customer"
                source: also is again.table('public.orders') -> { aggregate: n is count() }
                """);

    JsonNode run = shop.build();

    assertThat(run.path("status").asString()).isEqualTo("FAILED");
    assertThat(run.path("problems").toString())
        .contains("duplicate_table", "mart.by_customer is declared by");
    assertThat(
            database.column(
                "SELECT relname FROM pg_class WHERE relname LIKE '%\\_\\_%'"
                    + " AND relnamespace = 'mart'::regnamespace"))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CREATE TABLE mart.by_customer (x int) | name_occupied | is taken by a table or view",
        "CREATE VIEW mart.by_customer AS SELECT 1 AS one | name_occupied | is taken by a table or view",
        "DROP SCHEMA mart | build_failed | schema \"mart\" does not exist",
        "ALTER TABLE orders RENAME TO gone | | there is no table or view public.orders"
      })
  void whatIsInTheWayIsSaid(String before, @Nullable String code, String message) {
    database.execute(before);
    PackageApi shop = register(MODEL);

    JsonNode run = shop.build();

    assertThat(run.path("status").asString()).isEqualTo("FAILED");
    assertThat(run.path("problems").toString().replace("\\", ""))
        .contains(code == null ? "" : code, message);
  }

  @Test
  void aRoleThatMayNotCreateIsToldSo() {
    database.asSuperuser(
        "REVOKE CREATE ON SCHEMA mart FROM "
            + database.user()
            + "; ALTER SCHEMA mart OWNER TO "
            + database.server().user());
    PackageApi shop = register(MODEL);

    JsonNode run = shop.build();

    assertThat(PackageApi.target(run, "mart.by_customer").path("error").asString())
        .contains("permission denied for schema mart");
    assertThat(PackageApi.target(run, "big").path("status").asString()).isEqualTo("SKIPPED");
  }

  @Test
  void aTableThatSomebodyDroppedIsComputedAndBuiltAgain() {
    PackageApi shop = register(MODEL);
    JsonNode run = shop.buildOk();
    JsonNode rows = shop.rows("shop.malloy", BIG);
    shown(database, "big");
    String table = PackageApi.target(run, "big").path("physicalTable").asString();
    database.execute("DROP TABLE %s CASCADE".formatted(table));

    Answer answer = shop.query("shop.malloy", BIG).expect(200);

    assertThat(answer.rows()).isEqualTo(rows);
    assertThat(answer.json().at("/live/0/reason").asString()).isEqualTo("TABLE_MISSING");
    assertThat(what(shop.buildOk()))
        .containsExactlyInAnyOrder("mart.by_customer REUSED UNCHANGED", "big BUILT TABLE_MISSING");
  }

  @Test
  void aBuildThatIsStoppedEndsInTheDatabaseToo() {
    PackageApi shop =
        register(
            """
            #@ persist
            source: slow is warehouse.sql(\"""SELECT pg_sleep(3600)::text AS x\""") -> { select: x }
            """);
    String id = shop.create("{}");
    shop.start(id);
    String sessions =
        "SELECT state FROM pg_stat_activity WHERE application_name = 'ingot/%s/%s'"
            .formatted(server.project(), id);
    Wait.until("it is built", () -> database.column(sessions).contains("active"));

    client.post(shop.path() + "/materializations/" + id + "/stop").expect(200);

    assertThat(shop.await(id).path("status").asString()).isEqualTo("CANCELLED");
    Wait.until("nothing of it runs", () -> database.column(sessions).isEmpty());
    assertThat(database.column("SELECT relname FROM pg_class WHERE relname LIKE 'slow%'"))
        .isEmpty();
    assertThat(shop.get(id).toString()).doesNotContain(database.password());
  }

  @Test
  void aPackageThatIsRemovedTakesItsTablesWithIt() {
    PackageApi shop = register(MODEL);
    shop.buildOk();
    String own =
        "SELECT relname FROM pg_class WHERE obj_description(oid, 'pg_class') LIKE 'ingot %'";
    Wait.until("its views are there", () -> database.column(own).size() == 4);

    client.delete(shop.path()).expect(204);

    assertThat(database.column(own)).isEmpty();
    assertThat(database.column("SELECT count(*) FROM orders")).containsExactly("4");
  }

  @Test
  void tablesThatAreGivenUpStayWithoutTheirMark() {
    PackageApi shop = register(MODEL);
    shop.buildOk();
    shown(database, "mart.by_customer");

    client.delete(shop.path() + "?dropTables=false").expect(204);

    assertThat(database.column("SELECT count(*) FROM mart.by_customer")).containsExactly("3");
    assertThat(
            database.column(
                "SELECT relname FROM pg_class WHERE obj_description(oid, 'pg_class') LIKE 'ingot %'"))
        .isEmpty();
  }
}
