package dev.ingot;

import static dev.ingot.testing.RunReport.what;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageDatabase;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Refusal;
import dev.ingot.testing.Server;
import dev.ingot.testing.Wait;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Models that don't compile and tables that can't be built are nobody else's problem. */
class PartialRunTest {

  private static final String PUBLISH = "{\"onError\":\"publish\"}";

  private static final String ORDERS = "source: orders is duckdb.table('data/orders.csv')\n";

  private static final String GOOD =
      ORDERS
          + """
          #@ persist
          source: base is orders -> { group_by: customer, item; aggregate: total is amount.sum() }
          #@ persist
          source: top is base -> { group_by: customer; aggregate: sums is total.sum() }
          """;

  private static final String OTHER =
      ORDERS
          + """
          #@ persist
          source: other is orders -> { group_by: item; aggregate: n is count() }
          """;

  private static Server server;

  @BeforeAll
  static void start() {
    server = Server.shared();
  }

  private static PackageFiles files(String name) {
    return PackageFiles.orders(server.packageFolder(name), GOOD).model("other.malloy", OTHER);
  }

  /** A package of which everything is built. */
  private static PackageApi built(String name) {
    files(name);
    PackageApi p = server.register(name);
    p.buildOk();
    return p;
  }

  private static PackageFiles at(String name) {
    return PackageFiles.create(server.packageFolder(name));
  }

  private static List<String> tables(PackageApi p) {
    return p.manifest()
        .path("entries")
        .valueStream()
        .map(entry -> entry.path("tableName").asString())
        .sorted()
        .toList();
  }

  private static List<String> codes(JsonNode run) {
    return run.path("problems")
        .valueStream()
        .filter(problem -> problem.path("severity").asString().equals("error"))
        .map(problem -> problem.path("model").asString() + " " + problem.path("code").asString())
        .toList();
  }

  private static List<String> unplanned(JsonNode run) {
    return run.path("metadata")
        .path("sourcesUnplanned")
        .valueStream()
        .map(JsonNode::asString)
        .toList();
  }

  private static JsonNode live(PackageApi p, String model, String source) {
    return p.query(model, "run: %s -> { select: * }".formatted(source))
        .expect(200)
        .json()
        .path("live");
  }

  @Test
  void withoutMoreARunWithABrokenModelBuildsWhatItCanAndPublishesNothing() {
    files("fails").file("broken.malloy", "source: is is is\n");
    PackageApi p = server.register("fails");

    JsonNode plan = p.plan("");
    assertThat(plan.path("refused").asBoolean()).isFalse();
    assertThat(plan.path("targets")).hasSize(3);
    JsonNode run = p.build();

    assertThat(run.path("status").asString()).isEqualTo("FAILED");
    assertThat(run.path("onError").asString()).isEqualTo("fail");
    assertThat(run.path("error").asString()).startsWith("broken.malloy:1:");
    assertThat(what(run))
        .containsExactlyInAnyOrder("base BUILT NEW", "top BUILT NEW", "other BUILT NEW");
    assertThat(tables(p)).isEmpty();

    at("fails").file("broken.malloy", ORDERS);
    assertThat(what(p.buildOk()))
        .as("what was finished is taken up")
        .allMatch(w -> w.contains("REUSED"));
  }

  @Test
  void failFastGivesUpBeforeAnythingIsBuilt() {
    files("fast").file("broken.malloy", "source: is is is\n");
    PackageApi p = server.register("fast");

    JsonNode run = p.build("{\"failFast\":true}");

    assertThat(run.path("status").asString()).isEqualTo("FAILED");
    assertThat(run.path("targets")).isEmpty();
  }

  @Test
  void aRunThatPublishesLeavesOutWhatOnlyABrokenModelDeclares() {
    PackageApi p = built("publishes");
    at("publishes")
        .model("other.malloy", OTHER.replace("n is count()", "n is cuont()"))
        .model("orders.malloy", GOOD.replace("total.sum()", "total.sum() + 1"));

    JsonNode run = p.build(PUBLISH);

    assertThat(run.path("status").asString()).as(run.toPrettyString()).isEqualTo("SUCCESS");
    assertThat(run.path("error").isNull()).isTrue();
    assertThat(codes(run)).hasSize(1).allMatch(code -> code.startsWith("other.malloy "));
    assertThat(unplanned(run)).containsExactly("other");
    assertThat(run.path("metadata").path("sourcesFailed").asInt()).isZero();
    assertThat(what(run))
        .containsExactlyInAnyOrder(
            "base REUSED UNCHANGED", "top BUILT SQL_CHANGED", "other SKIPPED UNPLANNED");
    assertThat(tables(p)).containsExactly("base", "top");
    assertThat(live(p, "orders.malloy", "top")).isEmpty();
    PackageDatabase database = PackageDatabase.of(server, "publishes");
    String view = "SELECT view_name FROM duckdb_views() WHERE view_name = '%s'";
    Wait.until("its view is gone", () -> database.rows(view.formatted("other")).isEmpty());
    assertThat(database.rows(view.formatted("top"))).hasSize(1);
    Refusal.check(
        p.query("other.malloy", "run: other -> { select: * }"), 424, "model_invalid", "cuont");

    at("publishes").model("other.malloy", OTHER);
    assertThat(p.buildOk().path("metadata").path("sourcesUnplanned")).isEmpty();
    assertThat(tables(p)).containsExactly("base", "other", "top");
  }

  @Test
  void whatFailsGoesOnOnlyWithATableThatIsStillRight() {
    PackageApi p = built("goes-on");
    String broken =
        GOOD.replace("sums is total.sum()", "sums is total.sum(), e is max(customer::number)");
    at("goes-on").model("orders.malloy", broken);

    JsonNode run = p.build(PUBLISH);

    assertThat(run.path("status").asString()).as(run.toPrettyString()).isEqualTo("SUCCESS");
    assertThat(run.path("metadata").path("sourcesFailed").asInt()).isEqualTo(1);
    assertThat(codes(run)).containsExactly("orders.malloy build_failed");
    assertThat(tables(p)).as("its BuildID is another one").containsExactly("base", "other");
  }

  @Test
  void aForcedTableThatFailsKeepsItsOldOneAsLongAsItsInputsAreTheSame() {
    String sample =
        GOOD.replace(
            "total.sum()", "total.sum(), e is max((pick '1' when total < 1000 else 'x')::number)");
    PackageFiles files = files("forced").model("orders.malloy", sample);
    PackageApi p = server.register("forced");
    JsonNode first = p.buildOk();
    files.file("data/orders.csv", "id,customer,item,amount\n1,ann,pen,5000\n");

    JsonNode run = p.build("{\"onError\":\"publish\",\"forceRefresh\":true}");

    assertThat(run.path("status").asString()).as(run.toPrettyString()).isEqualTo("SUCCESS");
    assertThat(tables(p))
        .as("what it was built from is another table now")
        .containsExactly("base", "other");

    JsonNode only = p.build("{\"onError\":\"publish\",\"sources\":[\"top\"]}");
    assertThat(only.path("status").asString()).isEqualTo("SUCCESS");
    assertThat(tables(p)).containsExactly("base", "other");
    assertThat(first.path("metadata").path("sourcesFailed").asInt()).isZero();
  }

  @Test
  void aFailedSourceAndWhatIsSkippedForItKeepTheirTables() {
    String guarded =
        GOOD.replace(
            "total is amount.sum()",
            "total is amount.sum(), e is max((pick '1' when amount < 1000 else 'x')::number)");
    PackageFiles files = files("kept").model("orders.malloy", guarded);
    PackageApi p = server.register("kept");
    p.buildOk();
    JsonNode before = p.manifest().path("entries");
    files.file("data/orders.csv", "id,customer,item,amount\n1,ann,pen,5000\n");

    JsonNode run = p.build("{\"onError\":\"publish\",\"forceRefresh\":true}");

    assertThat(run.path("status").asString()).as(run.toPrettyString()).isEqualTo("SUCCESS");
    assertThat(what(run))
        .containsExactlyInAnyOrder(
            "base FAILED FORCED", "top SKIPPED FORCED", "other BUILT FORCED");
    JsonNode after = p.manifest().path("entries");
    assertThat(tables(p)).containsExactly("base", "other", "top");
    assertThat(physical(after, "top")).isEqualTo(physical(before, "top"));
    assertThat(physical(after, "base")).isEqualTo(physical(before, "base"));
    assertThat(physical(after, "other")).isNotEqualTo(physical(before, "other"));
    assertThat(live(p, "orders.malloy", "top")).isEmpty();
  }

  private static String physical(JsonNode entries, String table) {
    return entries
        .valueStream()
        .filter(entry -> entry.path("tableName").asString().equals(table))
        .map(entry -> entry.path("physicalTable").asString())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void inAStrictPackageWhatIsLeftOutIsAMiss() {
    PackageApi p = built("strict");
    server.client().patch(p.path(), "{\"strict\":true}").expect(200);
    at("strict")
        .model(
            "orders.malloy",
            GOOD.replace("sums is total.sum()", "sums is total.sum(), e is max(customer::number)"));

    p.build(PUBLISH);

    Refusal.check(
        p.query("orders.malloy", "run: top -> { group_by: customer }"),
        409,
        "strict_miss",
        "'top' (NOT_BUILT)");
  }

  @Test
  void aSelectionIsNotTouchedByModelsThatItsSourcesDoNotStandOn() {
    PackageApi p = built("selected");
    at("selected")
        .model("other.malloy", OTHER.replace("n is count()", "n is cuont()"))
        .model("importer.malloy", "import \"other.malloy\"\nimport \"orders.malloy\"\n")
        .model(
            "a_twin.malloy",
            ORDERS + "#@ persist name=top\nsource: twin is orders -> { group_by: id }\n")
        .model(
            "cut.malloy",
            ORDERS + "#@ persist name=my-table\nsource: cut is orders -> { group_by: id }\n")
        .file("bad%name.malloy", ORDERS);

    for (String onError : List.of("fail", "publish")) {
      JsonNode run =
          p.build(
              "{\"sources\":[\"top\"],\"forceRefresh\":true,\"onError\":\"%s\"}"
                  .formatted(onError));

      assertThat(run.path("status").asString()).as(run.toPrettyString()).isEqualTo("SUCCESS");
      assertThat(codes(run)).isEmpty();
      assertThat(unplanned(run)).isEmpty();
      assertThat(what(run)).contains("base REUSED UNCHANGED", "top BUILT FORCED");
      assertThat(tables(p)).contains("base", "other", "top");
    }
    JsonNode plan = p.plan("?sources=top");
    assertThat(plan.path("refused").asBoolean()).isFalse();
    assertThat(codes(plan)).isEmpty();
    Refusal.check(
        server.client().post(p.path() + "/materializations", "{\"onError\":\"never\"}"),
        400,
        "bad_request",
        "onError",
        "publish");
    Refusal.check(
        server
            .client()
            .post(p.path() + "/materializations", "{\"onError\":\"publish\",\"failFast\":true}"),
        400,
        "bad_request",
        "failFast");
  }

  @Test
  void aSelectionOfWhatABrokenModelDeclaresSaysWhy() {
    PackageApi p = built("unknown");
    at("unknown").model("other.malloy", OTHER.replace("n is count()", "n is cuont()"));

    JsonNode run = p.build("{\"sources\":[\"other\"],\"onError\":\"publish\"}");

    assertThat(run.path("status").asString()).isEqualTo("FAILED");
    assertThat(codes(run)).anyMatch(code -> code.startsWith("other.malloy "));
    assertThat(codes(run)).anyMatch(code -> code.endsWith(" unknown_source"));
    assertThat(tables(p)).hasSize(3);
  }

  @Test
  void modelsThatAreNoTextOrOddlyNamedAreTheirOwnProblem() throws IOException {
    PackageFiles files = files("odd").file("a%b.malloy", ORDERS);
    Files.write(files.folder().resolve("latin.malloy"), new byte[] {'/', '/', (byte) 0xe9, '\n'});
    files.file("reads.malloy", "import \"latin.malloy\"\n");
    PackageApi p = server.register("odd");

    JsonNode run = p.build(PUBLISH);

    assertThat(run.path("status").asString()).as(run.toPrettyString()).isEqualTo("SUCCESS");
    assertThat(tables(p)).containsExactly("base", "other", "top");
    assertThat(codes(run)).contains("a%b.malloy model-unreadable", "latin.malloy model-unreadable");
    assertThat(run.path("problems").toString()).contains("not UTF-8");
    assertThat(p.rows("orders.malloy", "run: orders -> { aggregate: n is count() }"))
        .hasToString("[{\"n\":6}]");
    Refusal.check(
        p.query("latin.malloy", "run: x -> { select: * }"), 424, "model_invalid", "UTF-8");
    assertThat(server.client().get(p.path() + "/models").expect(200).json()).hasSize(5);
  }
}
