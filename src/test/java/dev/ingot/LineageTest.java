package dev.ingot;

import static dev.ingot.testing.LineageReceiver.named;
import static dev.ingot.testing.LineageReceiver.said;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.LineageReceiver;
import dev.ingot.testing.Models;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Server;
import dev.ingot.testing.SlowSql;
import dev.ingot.testing.Wait;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What is told of builds in the form of OpenLineage. */
class LineageTest {

  private static final String KEY = "key-of-the-receiver";

  @TempDir static Path folder;
  private static final AtomicInteger packages = new AtomicInteger();
  private static LineageReceiver receiver;
  private static Server server;

  private final String name = "shop" + packages.incrementAndGet();

  @BeforeAll
  static void start() {
    receiver = LineageReceiver.on(0);
    server =
        Server.start(
            folder,
            receiver.setting(),
            "ingot.lineage.api-key=" + KEY,
            "ingot.lineage.namespace=tests",
            "ingot.lineage.first-retry=50ms");
  }

  @AfterAll
  static void stop() {
    server.close();
    receiver.close();
  }

  private PackageApi register(String model) {
    PackageFiles.orders(server.packageFolder(name), model);
    return server.register(name);
  }

  private static String id(JsonNode run) {
    return run.path("id").asString();
  }

  private static String namespace(String packageName) throws IOException {
    return "duckdb://%s"
        .formatted(
            folder.toRealPath().resolve("home/databases/p/" + packageName + "/package.duckdb"));
  }

  private static JsonNode facet(JsonNode of, String name) {
    return of.path("facets").path(name);
  }

  @Test
  void aBuildIsToldWithWhatItsTablesAreMadeOf() throws IOException {
    JsonNode run = register(Models.CHAIN).buildOk();

    List<JsonNode> events = receiver.ended(id(run));
    String job = "p." + name;
    assertThat(said(events))
        .startsWith("START " + job)
        .endsWith("COMPLETE " + job)
        .hasSize(10)
        .containsSubsequence("START " + job + ".duckdb.base", "COMPLETE " + job + ".duckdb.base")
        .contains(
            "COMPLETE " + job + ".duckdb.middle",
            "COMPLETE " + job + ".duckdb.top",
            "COMPLETE " + job + ".duckdb.aside");
    assertThat(events.getFirst().path("eventTime").asString())
        .isEqualTo(run.path("startedAt").asString());
    JsonNode end = events.getLast();
    assertThat(end.path("eventTime").asString()).isEqualTo(run.path("completedAt").asString());
    assertThat(end.path("job").path("namespace").asString()).isEqualTo("tests");
    String own = namespace(name) + " package.main.";
    assertThat(end.path("outputs").valueStream().map(LineageReceiver::named))
        .containsExactlyInAnyOrder(own + "base", own + "middle", own + "top", own + "aside");
    String file =
        "file " + folder.toRealPath().resolve("packages").resolve(name).resolve("data/orders.csv");
    assertThat(end.path("inputs").valueStream().map(LineageReceiver::named)).containsExactly(file);
    JsonNode middle = of(events, "COMPLETE " + job + ".duckdb.middle");
    assertThat(middle.path("inputs").valueStream().map(LineageReceiver::named))
        .containsExactly(own + "base");
    JsonNode output = middle.path("outputs").get(0);
    assertThat(named(output)).isEqualTo(own + "middle");
    JsonNode target = PackageApi.target(run, "middle");
    assertThat(facet(output, "version").path("datasetVersion").asString())
        .isEqualTo(target.path("physicalTable").asString());
    assertThat(output.path("outputFacets").path("outputStatistics").path("rowCount").asInt())
        .isEqualTo(3);
    assertThat(
            facet(output, "schema")
                .path("fields")
                .valueStream()
                .map(field -> field.path("name").asString() + " " + field.path("type").asString()))
        .containsExactly("customer VARCHAR", "sums HUGEINT");
    assertThat(facet(middle.path("job"), "sql").path("query").asString())
        .isEqualTo(target.path("sql").asString());
    assertThat(columns(output))
        .containsExactlyInAnyOrder(
            "customer <- base.customer DIRECT IDENTITY", "sums <- base.total DIRECT AGGREGATION");
    assertThat(facet(middle.path("run"), "parent").path("job").path("name").asString())
        .isEqualTo(job);
    assertThat(UUID.fromString(middle.path("run").path("runId").asString()).toString())
        .isNotEqualTo(id(run));
    assertThat(receiver.heard())
        .allMatch(one -> one.header("authorization").equals("Bearer " + KEY))
        .allMatch(one -> one.path().equals("/api/v1/lineage"));
  }

  private static JsonNode of(List<JsonNode> events, String said) {
    return events.get(said(events).indexOf(said));
  }

  /** Such as {@code total <- orders.amount DIRECT AGGREGATION}, with the last word of the name. */
  static List<String> columns(JsonNode output) {
    var said = new ArrayList<String>();
    facet(output, "columnLineage")
        .path("fields")
        .properties()
        .forEach(column ->
            column
                .getValue()
                .path("inputFields")
                .forEach(input ->
                    input
                        .path("transformations")
                        .forEach(use ->
                            said.add(
                                "%s <- %s.%s %s %s"
                                    .formatted(
                                        column.getKey(),
                                        input
                                            .path("name")
                                            .asString()
                                            .replaceAll(".*[./](?!csv$)", ""),
                                        input.path("field").asString(),
                                        use.path("type").asString(),
                                        use.path("subtype").asString())))));
    return said;
  }

  @Test
  void aRunWithNothingToDoHasAnEndAndNoTables() {
    PackageApi p = register(Models.CHAIN);
    p.buildOk();

    JsonNode run = p.buildOk();

    List<JsonNode> events = receiver.ended(id(run));
    assertThat(said(events)).containsExactly("START p." + name, "COMPLETE p." + name);
    assertThat(events.getLast().path("outputs")).isEmpty();
    assertThat(events.getLast().path("inputs")).isEmpty();
  }

  @Test
  void whatIsReusedIsAnInputOfWhatIsBuilt() throws IOException {
    PackageApi p = register(Models.CHAIN);
    p.buildOk();
    PackageFiles.orders(
        server.packageFolder(name), Models.CHAIN.replace("sums.max()", "sums.min()"));

    JsonNode run = p.buildOk();

    List<JsonNode> events = receiver.ended(id(run));
    String own = namespace(name) + " package.main.";
    assertThat(said(events))
        .containsExactly(
            "START p." + name,
            "START p." + name + ".duckdb.top",
            "COMPLETE p." + name + ".duckdb.top",
            "COMPLETE p." + name);
    assertThat(events.getLast().path("inputs").valueStream().map(LineageReceiver::named))
        .containsExactly(own + "middle");
  }

  @Test
  void aFailureIsToldWithItsErrorAndWithWhatWasBuiltAllTheSame() {
    JsonNode run =
        register(
                Models.BASE
                    + """
                    #@ persist
                    source: wrong is base -> { group_by: n is customer::number }
                    """)
            .build();

    assertThat(run.path("status").asString()).isEqualTo("FAILED");
    List<JsonNode> events = receiver.ended(id(run));
    String job = "p." + name;
    assertThat(said(events))
        .containsExactly(
            "START " + job,
            "START " + job + ".duckdb.base",
            "COMPLETE " + job + ".duckdb.base",
            "START " + job + ".duckdb.wrong",
            "FAIL " + job + ".duckdb.wrong",
            "FAIL " + job);
    assertThat(facet(events.getLast().path("run"), "errorMessage").path("message").asString())
        .isEqualTo(run.path("error").asString())
        .isNotEmpty();
    assertThat(events.getLast().path("outputs")).hasSize(1);
    JsonNode wrong = events.get(4);
    assertThat(facet(wrong.path("run"), "errorMessage").path("message").asString())
        .isEqualTo(PackageApi.target(run, "wrong").path("error").asString());
    assertThat(wrong.path("outputs")).isEmpty();
    assertThat(facet(wrong.path("job"), "sql").path("query").asString()).isNotEmpty();
  }

  @Test
  void aPlanThatIsRefusedIsAFailure() {
    JsonNode run = register("#@ persist\nsource: x is nothing_there").build();

    List<JsonNode> events = receiver.ended(id(run));
    assertThat(said(events)).containsExactly("START p." + name, "FAIL p." + name);
    assertThat(facet(events.getLast().path("run"), "errorMessage").path("message").asString())
        .isEqualTo(run.path("error").asString());
  }

  @Test
  void aRunThatIsStoppedIsAborted() {
    PackageApi p =
        register(
            """
            source: numbers is duckdb.sql(\"""%s\""")
            #@ persist
            source: endless is numbers -> { aggregate: x is max(h) }
            """
                .formatted(SlowSql.SELECT));
    String id = p.create("{}");
    p.start(id);
    Wait.until(
        "it builds",
        () -> p.get(id).path("targets").path(0).path("status").asString("").equals("RUNNING"));

    p.post("/materializations/" + id + "/stop", "").expect(200);

    List<JsonNode> events = receiver.ended(id);
    assertThat(said(events))
        .containsExactly(
            "START p." + name,
            "START p." + name + ".duckdb.endless",
            "ABORT p." + name + ".duckdb.endless",
            "ABORT p." + name);
    assertThat(events.getLast().path("run").path("facets").has("errorMessage")).isFalse();
  }

  @Test
  void whatNeverBeganIsNotTold() {
    PackageApi p = register(Models.CHAIN);
    String pending = p.create("{}");
    p.post("/materializations/" + pending + "/stop", "").expect(200);

    receiver.ended(id(p.buildOk()));

    assertThat(receiver.events(pending)).isEmpty();
  }

  @Test
  void namesMayHaveMarkupAndBeLong() {
    String column = "<b>&\\\"" + "x".repeat(10_000);
    JsonNode run =
        register(
                """
                source: orders is duckdb.table('data/orders.csv') extend {
                  rename: `%1$s` is item
                }
                #@ persist name="\\"<i>&'total'\\""
                source: `<script>` is orders -> { group_by: `%1$s`; aggregate: `a b` is amount.sum() }
                """
                    .formatted(column.replace("\\\"", "'")))
            .buildOk();

    List<JsonNode> events = receiver.ended(id(run));
    JsonNode output = events.getLast().path("outputs").get(0);
    assertThat(output.path("name").asString()).isEqualTo("package.main.<i>&'total'");
    assertThat(columns(output))
        .contains(
            column.replace("\\\"", "'") + " <- orders.csv.item DIRECT IDENTITY",
            "a b <- orders.csv.amount DIRECT AGGREGATION");
  }

  @Test
  void anErrorMayBeLong() {
    String text = "<b>\"".repeat(5_000);
    JsonNode run =
        register(
                "#@ persist\nsource: x is duckdb.sql(\"\"\"select error('%s') as e from 'data/orders.csv'\"\"\")"
                    .formatted(text))
            .build();

    assertThat(
            facet(receiver.ended(id(run)).getLast().path("run"), "errorMessage")
                .path("message")
                .asString())
        .contains(text);
  }
}
