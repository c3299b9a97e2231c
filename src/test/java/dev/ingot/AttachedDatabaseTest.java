package dev.ingot;

import static dev.ingot.testing.RunReport.planned;
import static dev.ingot.testing.RunReport.what;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Answer;
import dev.ingot.testing.OwnPostgres;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Server;
import dev.ingot.testing.TestDatabase;
import dev.ingot.testing.TestPostgres;
import dev.ingot.testing.Wait;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Packages that read a PostgreSQL database through their DuckDB. */
class AttachedDatabaseTest {

  private static final String MODEL =
      """
      source: orders is duckdb.table('pg.public.orders')
      #@ persist
      source: by_item is orders -> { group_by: item; aggregate: total is n.sum() }
      #@ persist
      source: own is duckdb.table('own.csv') -> { aggregate: n is count() }
      """;
  private static final String ROWS = "run: by_item -> { select: *; order_by: item }";

  private static final AtomicInteger hostile = new AtomicInteger();

  @TempDir static Path folder;
  private static Server server;

  @BeforeAll
  static void start() {
    server = Server.start(folder);
    server
        .client()
        .post("/api/v0/projects", "{\"name\":\"%s\"}".formatted(server.project()))
        .expect(201);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Answer attach(TestDatabase database) {
    String attached = database.connection("pg");
    return server
        .client()
        .patch(
            "/api/v0/projects/%s/connections/duckdb".formatted(server.project()),
            "{\"duckdbConnection\":{\"attachedDatabases\":[%s]}}".formatted(attached));
  }

  private static PackageApi register(String name) {
    PackageFiles.create(server.packageFolder(name))
        .file("own.csv", "a\n1\n")
        .model("shop.malloy", MODEL);
    return server.register(name);
  }

  private static TestDatabase orders(TestDatabase database) {
    database.execute("CREATE TABLE public.orders (item text, n int)");
    database.execute("INSERT INTO public.orders VALUES ('pen', 1), ('ink', 2)");
    return database;
  }

  @Test
  void anAttachedDatabaseIsReadAndNeverWrittenTo() {
    TestDatabase database = orders(TestPostgres.database());
    attach(database).expect(200);
    PackageApi shop = register("reading");

    assertThat(what(shop.buildOk()))
        .containsExactlyInAnyOrder("by_item BUILT NEW", "own BUILT NEW");
    assertThat(shop.rows("shop.malloy", ROWS).toString())
        .isEqualTo("[{\"item\":\"ink\",\"total\":2},{\"item\":\"pen\",\"total\":1}]");
    JsonNode plan = shop.plan("");
    assertThat(plan.path("targets").valueStream().map(one -> one.path("freshness").asString()))
        .containsExactlyInAnyOrder("unknown", "checked");

    String live = "run: orders -> { aggregate: total is n.sum() }";
    assertThat(shop.rows("shop.malloy", live).toString()).isEqualTo("[{\"total\":3}]");
    // Nothing tells that: whoever knows it says so. A live answer isn't kept.
    database.execute("INSERT INTO public.orders VALUES ('pen', 5)");
    assertThat(shop.rows("shop.malloy", live).toString()).isEqualTo("[{\"total\":8}]");
    assertThat(planned(shop.plan(""))).allMatch(line -> line.endsWith(" REUSE UNCHANGED"));
    shop.build("{\"forceRefresh\":true}");
    assertThat(shop.rows("shop.malloy", ROWS).toString())
        .isEqualTo("[{\"item\":\"ink\",\"total\":2},{\"item\":\"pen\",\"total\":6}]");

    // Another database under the same name has other data.
    attach(orders(TestPostgres.database())).expect(200);
    assertThat(shop.plan("").toString()).contains("DATA_CHANGED", "leads elsewhere");
    assertThat(what(shop.buildOk()))
        .containsExactlyInAnyOrder("by_item BUILT DATA_CHANGED", "own REUSED UNCHANGED");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM postgres_query('pg', 'SELECT 1')",
        "SELECT * FROM pg.postgres_query('pg', 'SELECT 1')",
        "SELECT * FROM postgres_execute('pg', 'DROP TABLE public.orders')",
        "SELECT * FROM postgres_scan('host=127.0.0.1', 'public', 'orders')",
        "SELECT * FROM postgres_attach('host=127.0.0.1')",
        "SELECT * FROM read_postgres_binary('own.csv')",
        "SELECT * FROM postgres_configure_pool(catalog_name='pg')",
        "SELECT * FROM pg_clear_cache()",
        "SELECT * FROM duckdb_secrets()",
        "SELECT * FROM duckdb_databases()",
        "SELECT * FROM duckdb_settings()",
        "SELECT * FROM pg_catalog.pg_settings"
      })
  void nothingButTablesIsRead(String sql) {
    TestDatabase database = orders(TestPostgres.database());
    attach(database).expect(200);
    String name = "hostile" + hostile.incrementAndGet();
    PackageFiles.create(server.packageFolder(name))
        .model(
            "shop.malloy",
            "source: hostile is duckdb.sql(\"\"\"%s\"\"\") -> { select: * }\n".formatted(sql));

    Answer answer =
        server.register(name).query("shop.malloy", "run: hostile -> { aggregate: n is count() }");

    assertThat(answer.status()).as(answer.text()).isBetween(400, 499);
    assertThat(answer.text())
        .contains("which a model may not")
        .doesNotContain(database.password(), database.user());
    assertThat(database.column("SELECT count(*) FROM public.orders")).containsExactly("2");
  }

  @Test
  void aTableIsNotBuiltIntoAnAttachedDatabase() {
    attach(orders(TestPostgres.database())).expect(200);
    PackageFiles.create(server.packageFolder("writing"))
        .model(
            "shop.malloy",
            """
            #@ persist name="pg.public.copy"
            source: copy is duckdb.table('pg.public.orders') -> { select: * }
            """);
    PackageApi shop = server.register("writing");

    JsonNode run = shop.build();

    assertThat(run.path("status").asString()).isEqualTo("FAILED");
    assertThat(run.toString()).contains("pg.public.copy");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PIVOT pg.public.orders ON item USING sum(n)",
        "FROM histogram('pg.public.orders', item)",
        "FROM pragma_table_info('pg.public.orders')"
      })
  void whatCanNotBeLookedIntoIsNotRead(String sql) {
    attach(orders(TestPostgres.database())).expect(200);
    String name = "hidden" + hostile.incrementAndGet();
    PackageFiles.create(server.packageFolder(name))
        .model(
            "shop.malloy",
            "source: hidden is duckdb.sql(\"\"\"%s\"\"\") -> { select: * }\n".formatted(sql));

    Answer answer =
        server.register(name).query("shop.malloy", "run: hidden -> { aggregate: n is count() }");

    assertThat(answer.status()).as(answer.text()).isBetween(400, 499);
    assertThat(answer.text()).contains("checked");
  }

  @Test
  void whatIsNestedDeeplyIsLookedInto() {
    attach(orders(TestPostgres.database())).expect(200);
    PackageFiles.create(server.packageFolder("deep"))
        .model(
            "shop.malloy",
            "#@ persist\nsource: deep is duckdb.sql(\"\"\"SELECT item, %sn%s AS d FROM pg.public.orders\"\"\") -> { group_by: item }\n"
                .formatted("abs(".repeat(300), ")".repeat(300)));
    PackageApi shop = server.register("deep");

    shop.buildOk();

    assertThat(shop.plan("").at("/targets/0/freshness").asString()).isEqualTo("unknown");
  }

  @Test
  void aDatabaseThatGoesAwayTakesNothingElseWithIt() throws Exception {
    try (OwnPostgres postgres = TestPostgres.own()) {
      attach(orders(postgres.database())).expect(200);
      PackageApi shop = register("gone");
      shop.buildOk();

      postgres.stop();

      assertThat(planned(shop.plan(""))).allMatch(line -> line.endsWith(" REUSE UNCHANGED"));
      assertThat(what(shop.build("{\"forceRefresh\":true}")))
          .containsExactlyInAnyOrder("by_item FAILED FORCED", "own BUILT FORCED");
      assertThat(shop.rows("shop.malloy", "run: own -> { select: * }").toString())
          .isEqualTo("[{\"n\":1}]");
      postgres.resume();
      Wait.until(
          "the database is attached again",
          () -> shop.query("shop.malloy", "run: orders -> { select: * }").status() == 200);
      shop.buildOk();
    }
  }

  @Test
  void whyADatabaseCanNotBeHadIsSaidPlainly() {
    TestDatabase database = TestPostgres.database();
    for (List<String> wrong :
        List.of(
            List.of(database.url("127.0.0.1", 1), "Connection refused"),
            List.of(database.url("nowhere.invalid", 5432), "nowhere.invalid"),
            List.of(
                database.url().replace(database.password(), "wr0ng-canary"),
                "password authentication failed"),
            List.of(database.url() + "x", "does not exist"),
            List.of(database.url() + "?sslmode=require", "SSL"))) {
      String test =
          """
          {"type":"duckdb","duckdbConnection":{"attachedDatabases":[
           {"name":"pg","type":"postgres","postgresConnection":{"connectionString":"%s"}}]}}
          """
              .formatted(wrong.getFirst());

      String said = server.client().post("/api/v0/connections/test", test).expect(200).text();

      assertThat(said)
          .contains("failed", wrong.getLast())
          .doesNotContain(database.password(), "wr0ng-canary", "connect_timeout");
    }
  }

  @Test
  void aSchemaIsNotNamedLikeAnAttachedDatabase() {
    attach(orders(TestPostgres.database())).expect(200);
    PackageFiles.create(server.packageFolder("schema"))
        .model(
            "shop.malloy",
            """
            #@ persist name="pg.totals"
            source: totals is duckdb.table('pg.public.orders') -> { aggregate: n is count() }
            """);

    assertThat(server.register("schema").plan("").toString()).contains("attached database");
  }

  @Test
  void aDatabaseThatIsDownTakesNothingElseWithIt() throws Exception {
    try (OwnPostgres postgres = TestPostgres.own()) {
      TestDatabase database = orders(postgres.database());
      postgres.stop();
      attach(database).expect(200);
      PackageFiles.create(server.packageFolder("down"))
          .file("own.csv", "a\n1\n")
          .model("remote.malloy", MODEL.replace("source: own", "source: other"))
          .model(
              "own.malloy",
              "#@ persist\nsource: own is duckdb.table('own.csv') -> { aggregate: n is count() }\n");
      PackageApi shop = server.register("down");

      assertThat(shop.query("remote.malloy", ROWS).text())
          .contains("'pg'", "can't be read now")
          .doesNotContain(database.password());
      shop.build("{\"onError\":\"publish\"}");
      assertThat(shop.rows("own.malloy", "run: own -> { select: * }").toString())
          .isEqualTo("[{\"n\":1}]");

      postgres.resume();
      Wait.until(
          "the database is attached",
          () -> shop.plan("").path("targets").toString().contains("by_item"));
      assertThat(what(shop.buildOk())).contains("by_item BUILT NEW");
    }
  }
}
