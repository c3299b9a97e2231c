package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.project.PackageKey;
import dev.ingot.testing.Answer;
import dev.ingot.testing.Client;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageDatabase;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Refusal;
import dev.ingot.testing.Server;
import dev.ingot.testing.Wait;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Sources that only some callers may read, live and from their tables. */
class GatedSourcesTest {

  private static final String ADMIN = "admin-0123456789abcdef0123456789abcdef";
  private static final String PROJECT = "/api/v0/projects/shop";
  private static final String PACKAGE = PROJECT + "/packages/orders";
  private static final String MODEL = "orders.malloy";
  private static final String GATED =
      "#(authorize) $TEAM = 'sales' or 'audit' in $GROUPS\nsource: gated is orders extend {}\n";
  private static final String HEAD =
      """
      ##! experimental { persistence givens }
      given: TEAM :: string is 'sales'
      given: GROUPS :: string[] is ['audit']
      source: orders is duckdb.table('data/orders.csv')
      """;
  private static final String TABLES =
      """
      #@ persist name="of_gated"
      source: of_gated is gated -> { group_by: customer; aggregate: total is amount.sum() }
      #@ persist name="above"
      source: above is of_gated -> { aggregate: most is max(total) }
      #@ persist name="free"
      source: free is orders -> { group_by: item; aggregate: n is count() }
      """;

  @TempDir static Path folder;

  private static Server server;
  private static Client admin;
  private static PackageFiles files;
  private static PackageApi p;
  private static PackageApi sales;
  private static PackageApi audit;
  private static PackageApi other;
  private static String reader;
  private static String builder;

  private static String key(String name, String role, String claims) {
    return admin
        .post(
            "/api/v0/keys",
            "{\"name\":\"%s\",\"roles\":[{\"project\":\"shop\",\"role\":\"%s\"}],\"claims\":%s}"
                .formatted(name, role, claims))
        .expect(201)
        .json()
        .path("key")
        .asString();
  }

  @BeforeAll
  static void start() {
    server = Server.start(folder, "ingot.access.admin-key=" + ADMIN);
    admin = server.client().as(ADMIN);
    files =
        PackageFiles.orders(server.packageFolder("orders"), "")
            .file(MODEL, HEAD + GATED + TABLES)
            .file("near.malloy", "import { mine is gated, above } from \"orders.malloy\"\n");
    admin
        .post(
            "/api/v0/projects",
            "{\"name\":\"shop\",\"givens\":{\"TEAM\":\"claim:team\",\"GROUPS\":\"claim:groups\"},\"packages\":[{\"name\":\"orders\",\"location\":\"%s\"}]}"
                .formatted(files.folder()))
        .expect(201);
    p = new PackageApi(admin, PACKAGE);
    p.buildOk();
    sales = p.as(key("sales", "query", "{\"team\":\"sales\",\"groups\":[]}"));
    audit = p.as(key("audit", "query", "{\"team\":\"it\",\"groups\":[\"x\",\"audit\"]}"));
    other = p.as(key("other", "query", "{\"team\":\"it\",\"groups\":[\"x\"]}"));
    reader = key("reader", "read", "{\"team\":\"sales\",\"groups\":[]}");
    builder = key("builder", "build", "{\"team\":\"sales\",\"groups\":[]}");
  }

  @AfterAll
  static void end() {
    server.close();
  }

  private static void isClosed(Answer answer) {
    Refusal.check(answer, 403, "access_denied", "You may not read");
    assertThat(answer.text()).doesNotContain("TEAM", "GROUPS", "sales", "amount");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run: gated -> { group_by: customer }",
        "run: gated extend { dimension: c is customer } -> { group_by: c }",
        "source: x is gated extend {}\nrun: x -> { group_by: customer }",
        "run: orders extend { join_one: g is gated on id = g.id } -> { group_by: g.customer }",
        "run: orders extend { join_one: t is of_gated on customer = t.customer } -> { group_by: item }",
        "run: of_gated -> { select: * }",
        "run: of_gated -> { select: * } -> { aggregate: n is count() }",
        "run: above -> { select: * }"
      })
  void aGateOpensAndClosesEveryWay(String query) {
    for (int turn = 0; turn < 3; turn++) {
      assertThat(sales.rows(MODEL, query)).isNotEmpty();
      assertThat(audit.rows(MODEL, query)).isNotEmpty();
      isClosed(other.query(MODEL, query));
      isClosed(p.query(MODEL, query));
    }
  }

  @Test
  void itsTablesAnswerWhoMayRead() {
    Answer answer = sales.query(MODEL, "run: above -> { select: * }").expect(200);

    assertThat(answer.rows().toString()).isEqualTo("[{\"most\":110}]");
    assertThat(answer.json().at("/materialized/0/tableName").asString()).isEqualTo("above");
    assertThat(answer.json().path("live")).isEmpty();
    assertThat(answer.json().path("sql").isNull()).isTrue();
    assertThat(sales.query("near.malloy", "run: above -> { select: * }").expect(200).rows())
        .hasSize(1);
    isClosed(other.query("near.malloy", "run: mine -> { group_by: item }"));
    assertThat(other.rows(MODEL, "run: free -> { aggregate: n is n.sum() }").toString())
        .isEqualTo("[{\"n\":6}]");
  }

  @Test
  void nobodyGetsInByGivens() {
    Refusal.check(
        other.query(MODEL, "run: of_gated -> { select: * }", "{\"TEAM\":\"sales\"}"),
        403,
        "given_bound");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run: duckdb.sql(\"SELECT * FROM of_gated\") -> { select: * }",
        "run: duckdb.table('of_gated') -> { select: * }",
        "run: duckdb.table('data/orders.csv') -> { select: * }",
        "run: orders -> { select: x is sql_string!('(SELECT max(customer) FROM of_gated)') }"
      })
  void sqlOfCallersIsRefused(String query) {
    Refusal.check(sales.query(MODEL, query), 400, "query_invalid", "restricted");
    assertThat(other.query(MODEL, query).status()).isIn(400, 403);
  }

  @Test
  void aTagOpensNothing() {
    String query =
        PACKAGE
            + "/models/orders.malloy/query?compactJson=true&query="
            + URLEncoder.encode("run: above -> { select: * }", StandardCharsets.UTF_8);
    Client his = admin.as(builder);
    String tag = his.get(query).expect(200).header("ETag");
    assertThat(tag).isNotEmpty();

    assertThat(his.send(his.request(query).header("If-None-Match", tag).GET()).status())
        .isEqualTo(304);
    for (String sent : new String[] {tag, "*"}) {
      Client denied = admin.as(key("tag " + sent.length(), "query", "{\"team\":\"it\"}"));
      isClosed(denied.send(denied.request(query).header("If-None-Match", sent).GET()));
    }
  }

  @Test
  void theCompilerTellsNothingOfWhatIsClosed() {
    isClosed(other.query(MODEL, "run: gated -> { group_by: nothing }"));
    Refusal.check(
        sales.query(MODEL, "run: gated -> { group_by: nothing }"), 400, "query_invalid", "nothing");
    String text = "run: of_gated -> { select: * }";
    isClosed(compile(other, text));
    assertThat(compile(sales, text).expect(200).json().path("sql").isNull()).isTrue();
    assertThat(compile(p.as(builder), text).expect(200).json().path("sql").asString())
        .contains("of_gated__");
    assertThat(compile(other, "run: free -> { select: * }").expect(200).text()).contains("free__");
  }

  private static Answer compile(PackageApi as, String text) {
    return as.post(
        "/models/orders.malloy/compile",
        JsonMapper.shared().writeValueAsString(Map.of("source", text, "includeSql", true)));
  }

  @Test
  void onlyWhoBuildsIsToldOfItsTables() {
    String run = admin.get(PACKAGE + "/materializations").expect(200).json().at("/0/id").asString();
    for (String path :
        new String[] {"/plan", "/manifest", "/manifest/versions", "/materializations/" + run}) {
      assertThat(admin.as(builder).get(PACKAGE + path).expect(200).text())
          .as(path)
          .contains("of_gated__", "free__");
      assertThat(admin.as(reader).get(PACKAGE + path).expect(200).text())
          .as(path)
          .contains("free__")
          .doesNotContain("of_gated__", "above__", "amount");
    }
    assertThat(admin.as(reader).get(PACKAGE + "/materializations").expect(200).text())
        .doesNotContain("of_gated__");
  }

  @Test
  void aModelSaysWhichSourcesAreGated() {
    JsonNode sources =
        admin.as(reader).get(PACKAGE + "/models/orders.malloy").expect(200).json().path("sources");

    assertThat(
            sources
                .valueStream()
                .filter(source -> source.path("gated").asBoolean())
                .map(source -> source.path("name").asString()))
        .containsExactly("gated", "of_gated", "above");
  }

  @Test
  void aGateThatComesLaterTakesTheViewAway() {
    PackageFiles later =
        PackageFiles.orders(server.packageFolder("later"), "")
            .file(MODEL, HEAD + "source: gated is orders extend {}\n" + TABLES);
    admin
        .post(
            PROJECT + "/packages",
            "{\"name\":\"later\",\"location\":\"%s\"}".formatted(later.folder()))
        .expect(201);
    var package2 = new PackageApi(admin, PROJECT + "/packages/later");
    package2.buildOk();
    awaitView("of_gated", true);

    later.file(MODEL, HEAD + GATED + TABLES);
    JsonNode run = package2.buildOk();

    assertThat(run.at("/metadata/sourcesBuilt").asInt()).as("the table stays").isZero();
    awaitView("of_gated", false);
    awaitView("free", true);
    isClosed(
        package2
            .as(key("late", "query", "{\"team\":\"it\",\"groups\":[]}"))
            .query(MODEL, "run: of_gated -> { select: * }"));
  }

  private static void awaitView(String name, boolean there) {
    Wait.until(
        "the view %s is %s".formatted(name, there ? "there" : "gone"),
        () ->
            PackageDatabase.of(server, PackageKey.of("shop", "later"))
                    .rows("SELECT view_name FROM duckdb_views() WHERE comment = 'ingot view'")
                    .contains(name)
                == there);
  }
}
