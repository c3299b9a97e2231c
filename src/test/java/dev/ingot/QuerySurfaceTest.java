package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Refusal;
import dev.ingot.testing.Server;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What an author keeps from queries: in publisher.json, by filters, and by givens. */
class QuerySurfaceTest {

  private static final String TABLE =
      "duckdb.table('data/orders.csv') extend { view: items is { group_by: item } }\n";

  private static final String CUSTOMERS = "run: %s -> { aggregate: n is count() }";

  private static Server server;

  @BeforeAll
  static void start() {
    server = Server.shared();
  }

  private static PackageFiles files(String name, String publisherJson) {
    return PackageFiles.orders(
            server.packageFolder(name),
            "import \"base.malloy\"\nsource: helper is "
                + TABLE
                + "source: orders is base extend {}\nexport { orders }\n")
        .file("base.malloy", "source: base is " + TABLE)
        .file("publisher.json", publisherJson);
  }

  @Test
  void onlyWhatTheExploredModelsExportIsListedAndAnswered() {
    PackageFiles files =
        files(
            "declared",
            "{\"explores\": [\"./orders.malloy\"], \"queryableSources\": \"declared\"}");
    PackageApi p = server.register("declared");

    assertThat(models(p)).containsExactly("orders.malloy");
    p.query("orders.malloy", CUSTOMERS.formatted("orders")).expect(200);
    Refusal.check(
        p.query("orders.malloy", CUSTOMERS.formatted("helper")), 404, "query_not_found", "helper");
    Refusal.check(
        p.query("base.malloy", CUSTOMERS.formatted("base")),
        404,
        "model_not_found",
        "base.malloy",
        "it has orders.malloy");

    files.file(
        "publisher.json", "{\"explores\": [\"orders.malloy\"], \"queryableSources\": \"all\"}");
    assertThat(
            server
                .client()
                .get(p.path() + "?reload=true")
                .expect(200)
                .json()
                .path("stale")
                .asBoolean())
        .isFalse();
    assertThat(models(p)).containsExactly("orders.malloy");
    p.query("orders.malloy", CUSTOMERS.formatted("helper")).expect(200);
    p.query("base.malloy", CUSTOMERS.formatted("base")).expect(200);

    files.file("publisher.json", "{\"explores\": [], \"queryableSources\": \"declared\"}");
    server.client().get(p.path() + "?reload=true").expect(200);
    assertThat(models(p)).containsExactly("base.malloy", "orders.malloy");
    p.query("base.malloy", CUSTOMERS.formatted("base")).expect(200);
  }

  @Test
  void explorationOfNothingAnswersNothing() {
    files("lost", "{\"explores\": [\"ordres.malloy\"]}");
    PackageApi p = server.register("lost");

    assertThat(models(p)).isEmpty();
    Refusal.check(
        p.query("orders.malloy", CUSTOMERS.formatted("orders")),
        404,
        "model_not_found",
        "it has none");
    assertThat(problems(p))
        .containsExactly(
            "publisher.json: explores names 'ordres.malloy', which is no model of the package: mend its path or take it out");
  }

  @Test
  void whatIngotDoesNotActOnIsSaid() {
    files(
        "policy",
        "{\"materialization\": {\"schedule\": \"0 6 * * *\", \"freshness\": {}}, \"scope\": \"version\"}");
    PackageApi p = server.register("policy");

    assertThat(problems(p))
        .hasSize(3)
        .allMatch(text -> text.startsWith("publisher.json: Ingot does not act on "))
        .anyMatch(text -> text.contains("'materialization.schedule'"))
        .anyMatch(text -> text.contains("'materialization.freshness'"))
        .anyMatch(text -> text.contains("'scope'"));
    assertThat(p.buildOk().path("problems")).hasSize(3);
  }

  @Test
  void aSurfaceThatCannotBeMeantIsRefused() {
    files("odd", "{\"queryableSources\": \"none\"}");

    server.client().post("/api/v0/projects", "{\"name\":\"%s\"}".formatted(server.project()));
    Refusal.check(
        server
            .client()
            .post(
                server.packagesPath(),
                "{\"name\":\"odd\",\"location\":\"%s\"}".formatted(server.packageFolder("odd"))),
        400,
        "invalid_package",
        "queryableSources",
        "declared",
        "none");
  }

  @Test
  void aRequiredFilterIsRefusedByItsName() {
    PackageFiles.orders(
        server.packageFolder("filtered"),
        "#(filter) name=tenant dimension=customer type=equal required\nsource: orders is " + TABLE);
    PackageApi p = server.register("filtered");

    Refusal.check(
        p.query("orders.malloy", "run: orders -> items"),
        400,
        "filter_required",
        "\"tenant\"",
        "required");
  }

  @Test
  void aGivenWithoutADefaultIsAskedForByItsName() {
    PackageFiles.orders(
        server.packageFolder("given"),
        """
        ##! experimental.givens
        given: WHO :: string
        source: orders is duckdb.table('data/orders.csv') extend { where: customer = $WHO }
        """);
    PackageApi p = server.register("given");

    Refusal.check(
        p.query("orders.malloy", "run: orders -> { group_by: item }"),
        400,
        "query_invalid",
        "\"WHO\" has no value and no default");
    assertThat(
            p.query("orders.malloy", "run: orders -> { group_by: item }", "{\"WHO\":\"ann\"}")
                .expect(200)
                .rows()
                .toString())
        .isEqualTo("[{\"item\":\"ink\"},{\"item\":\"pen\"}]");
  }

  private static List<String> models(PackageApi p) {
    return server
        .client()
        .get(p.path() + "/models")
        .expect(200)
        .json()
        .valueStream()
        .map(model -> model.path("path").asString())
        .toList();
  }

  private static List<String> problems(PackageApi p) {
    return p.plan("")
        .path("problems")
        .valueStream()
        .map(
            problem -> problem.path("model").asString() + ": " + problem.path("message").asString())
        .toList();
  }
}
