package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Answer;
import dev.ingot.testing.Client;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Refusal;
import dev.ingot.testing.Server;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Givens that are claims of whoever asks. */
class BoundGivensTest {

  private static final String ADMIN = "admin-0123456789abcdef0123456789abcdef";
  private static final String PROJECT = "/api/v0/projects/shop";
  private static final String MODEL = "mine.malloy";
  private static final String TOTAL = "run: mine -> { aggregate: total is amount.sum() }";

  @TempDir static Path folder;

  private static Server server;
  private static Client admin;
  private static PackageApi p;
  private static String ann;
  private static String bob;
  private static String nobody;
  private static String number;

  private static String key(String name, String claims) {
    return admin
        .post(
            "/api/v0/keys",
            "{\"name\":\"%s\",\"roles\":[{\"project\":\"shop\",\"role\":\"query\"}],\"claims\":%s}"
                .formatted(name, claims))
        .expect(201)
        .json()
        .path("key")
        .asString();
  }

  @BeforeAll
  static void start() {
    server = Server.start(folder, "ingot.access.admin-key=" + ADMIN);
    admin = server.client().as(ADMIN);
    Path location =
        PackageFiles.orders(server.packageFolder("orders"), "")
            .file(
                "base.malloy",
                """
                ##! experimental { persistence givens }
                given: WHO :: string is 'ann'
                given: LEAST :: number is 0
                #@ persist name="all_orders"
                source: all_orders is duckdb.table('data/orders.csv') -> {
                  group_by: customer, item
                  aggregate: amount is amount.sum()
                }
                source: mine is all_orders extend { where: customer = $WHO and amount >= $LEAST }
                source: mine_live is duckdb.table('data/orders.csv') extend {
                  where: customer = $WHO
                }
                """)
            .file(
                MODEL,
                "import \"base.malloy\"\nsource: per_item is mine -> { group_by: item; aggregate: most is amount.max() }\n")
            .file("far.malloy", "import { per_item } from \"mine.malloy\"\n")
            .folder();
    admin
        .post(
            "/api/v0/projects",
            "{\"name\":\"shop\",\"givens\":{\"WHO\":\"claim:customer\"},\"packages\":[{\"name\":\"orders\",\"location\":\"%s\"}]}"
                .formatted(location))
        .expect(201);
    p = new PackageApi(admin, PROJECT + "/packages/orders");
    p.buildOk();
    ann = key("ann", "{\"customer\":\"ann\"}");
    bob = key("bob", "{\"customer\":\"bob\",\"WHO\":\"cid\"}");
    nobody = key("nobody", "{\"org\":\"x\"}");
    number = key("number", "{\"customer\":5}");
  }

  @AfterAll
  static void end() {
    server.close();
  }

  private static Answer get(String caller, String query, String... headers) {
    Client client = admin.as(caller);
    var request =
        client.request(
            p.path()
                + "/models/mine.malloy/query?compactJson=true&query="
                + URLEncoder.encode(query, StandardCharsets.UTF_8));
    return client.send(headers.length == 0 ? request.GET() : request.headers(headers).GET());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run: mine -> { aggregate: total is amount.sum() }",
        "run: mine_live -> { aggregate: total is amount.sum() }",
        "run: mine extend { where: 1 = 1 } -> { aggregate: total is amount.sum() }",
        "run: mine -> { select: * } -> { aggregate: total is amount.sum() }",
        "run: all_orders extend { join_one: m is mine on customer = m.customer and item = m.item } -> { aggregate: total is m.amount.sum() }"
      })
  void twoCallersAskTheSameAndSeeTheirOwnRows(String query) {
    for (int turn = 0; turn < 3; turn++) {
      assertThat(p.as(ann).rows(MODEL, query).toString()).isEqualTo("[{\"total\":30}]");
      assertThat(p.as(bob).rows(MODEL, query).toString()).isEqualTo("[{\"total\":70}]");
    }
  }

  @Test
  void aTableAnswersThemAll() {
    Answer answer = p.as(bob).query(MODEL, TOTAL).expect(200);

    assertThat(answer.json().at("/materialized/0/tableName").asString()).isEqualTo("all_orders");
    assertThat(answer.json().path("live")).isEmpty();
  }

  @Test
  void alsoWhereTheModelDoesNotSeeTheGiven() {
    String query = "run: per_item -> { aggregate: most is max(most) }";

    assertThat(p.as(bob).rows("far.malloy", query).toString()).isEqualTo("[{\"most\":40}]");
    assertThat(p.as(ann).rows("far.malloy", query).toString()).isEqualTo("[{\"most\":20}]");
    Refusal.check(p.as(nobody).query("far.malloy", query), 403, "claim_missing");
  }

  @Test
  void nobodySetsABoundGiven() {
    for (String caller : new String[] {ann, nobody, ADMIN}) {
      for (String givens : new String[] {"{\"WHO\":\"bob\"}", "{\"WHO\":null}"}) {
        Refusal.check(
            p.as(caller).query(MODEL, TOTAL, givens),
            403,
            "given_bound",
            "\"WHO\" is bound to a claim");
      }
    }
    assertThat(p.as(ann).query(MODEL, TOTAL, "{\"LEAST\":15}").expect(200).rows().toString())
        .as("others are free")
        .isEqualTo("[{\"total\":20}]");
    Refusal.check(
        admin
            .as(ann)
            .post(
                p.path() + "/models/mine.malloy/compile",
                "{\"source\":\"run: mine -> { select: * }\",\"includeSql\":true,\"givens\":{\"WHO\":\"bob\"}}"),
        403,
        "given_bound");
  }

  @Test
  void whoHasNoSuchClaimIsToldSoAndNotGivenTheDefault() {
    Refusal.check(
        p.as(nobody).query(MODEL, TOTAL),
        403,
        "claim_missing",
        "\"WHO\"",
        "\"customer\"",
        "no such claim");
    Refusal.check(
        p.as(number).query(MODEL, TOTAL),
        403,
        "claim_missing",
        "is of type string; it was given a number");
    Refusal.check(p.query(MODEL, TOTAL), 403, "claim_missing");
    Refusal.check(get(nobody, TOTAL), 403, "claim_missing");
    assertThat(
            p.as(nobody).rows(MODEL, "run: all_orders -> { aggregate: n is count() }").toString())
        .as("what reads none")
        .isEqualTo("[{\"n\":6}]");
  }

  @Test
  void nobodysTagOpensAnothersAnswer() {
    String tag = get(ann, TOTAL).expect(200).header("ETag");
    assertThat(tag).isNotEmpty();

    assertThat(get(ann, TOTAL, "If-None-Match", tag).status()).isEqualTo(304);
    Answer bobs = get(bob, TOTAL, "If-None-Match", tag).expect(200);
    assertThat(bobs.rows().toString()).isEqualTo("[{\"total\":70}]");
    assertThat(bobs.header("ETag")).isNotEqualTo(tag);
    Refusal.check(get(nobody, TOTAL, "If-None-Match", tag), 403, "claim_missing");
    Refusal.check(get(nobody, TOTAL, "If-None-Match", "*"), 403, "claim_missing");
  }

  @Test
  void aModelSaysWhichGivensAreBound() {
    JsonNode givens = admin.get(p.path() + "/models/base.malloy").expect(200).json().path("givens");

    assertThat(givens.toString())
        .contains("\"name\":\"WHO\"", "\"bound\":true", "\"name\":\"LEAST\"", "\"bound\":false");
    assertThat(admin.get(PROJECT).expect(200).json().path("givens").toString())
        .isEqualTo("{\"WHO\":\"claim:customer\"}");
  }

  @Test
  void bindingsChangeFromTheNextQueryOn() {
    try {
      admin.patch(PROJECT, "{\"givens\":{\"WHO\":\"claim:WHO\"}}").expect(200);
      assertThat(p.as(bob).rows(MODEL, TOTAL).toString()).isEqualTo("[{\"total\":110}]");
      assertThat(
              admin.patch(PROJECT, "{\"givens\":{}}").expect(200).json().path("givens").toString())
          .isEqualTo("{}");
      assertThat(p.as(bob).query(MODEL, TOTAL, "{\"WHO\":\"ann\"}").expect(200).rows().toString())
          .isEqualTo("[{\"total\":30}]");
      assertThat(admin.patch(PROJECT, "{}").expect(200).json().path("givens").toString())
          .isEqualTo("{}");
    } finally {
      admin.patch(PROJECT, "{\"givens\":{\"WHO\":\"claim:customer\"}}").expect(200);
    }
    assertThat(p.as(bob).rows(MODEL, TOTAL).toString()).isEqualTo("[{\"total\":70}]");
  }

  @Test
  void onlyAnAdminBindsAndOnlyToClaims() {
    for (String wrong :
        new String[] {
          "{\"givens\":{\"WHO\":\"ann\"}}",
          "{\"givens\":{\"WHO\":\"claim:\"}}",
          "{\"givens\":{\"WHO\":null}}",
          "{\"givens\":{\"W HO\":\"claim:x\"}}",
          "{\"givens\":{\"WHO\":\"claim:a b\"}}"
        }) {
      Refusal.check(admin.patch(PROJECT, wrong), 400, "bad_request", "given");
    }
    Refusal.check(admin.as(ann).patch(PROJECT, "{\"givens\":{}}"), 403, "forbidden", "'admin'");
  }

  @Test
  void withoutAuthenticationNobodyHasClaims() {
    Server open = Server.shared();
    PackageFiles.orders(open.packageFolder("open"), "")
        .file(
            "orders.malloy",
            """
            ##! experimental.givens
            given: WHO :: string is 'ann'
            source: orders is duckdb.table('data/orders.csv') extend { where: customer = $WHO }
            """);
    PackageApi orders = open.register("open");
    String project = "/api/v0/projects/" + open.project();
    open.client().patch(project, "{\"givens\":{\"WHO\":\"claim:customer\"}}").expect(200);

    Refusal.check(
        orders.query("orders.malloy", "run: orders -> { group_by: item }"),
        403,
        "claim_missing",
        "no such claim");
  }
}
