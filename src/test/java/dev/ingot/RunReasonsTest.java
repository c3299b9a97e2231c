package dev.ingot;

import static dev.ingot.testing.Models.BASE;
import static dev.ingot.testing.Models.CHAIN;
import static dev.ingot.testing.RunReport.physical;
import static dev.ingot.testing.RunReport.what;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageDatabase;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Server;
import dev.ingot.testing.Wait;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What a run builds, what it takes up, and what it says about each. */
class RunReasonsTest {

  private static final String TOP = "run: top -> { select: * }";

  private static Server server;

  @BeforeAll
  static void start() {
    server = Server.shared();
  }

  @Test
  void aFirstRunBuildsAllAsNewAndASecondReusesAllAndPublishesNothing() {
    PackageApi p = orders("twice", CHAIN);

    JsonNode first = p.buildOk();
    JsonNode manifest = p.manifest();
    JsonNode second = p.buildOk();

    assertThat(what(first))
        .containsExactlyInAnyOrder(
            "base BUILT NEW", "middle BUILT NEW", "top BUILT NEW", "aside BUILT NEW");
    assertThat(what(second))
        .containsExactlyInAnyOrder(
            "base REUSED UNCHANGED",
            "middle REUSED UNCHANGED",
            "top REUSED UNCHANGED",
            "aside REUSED UNCHANGED");
    assertThat(second.path("metadata").path("sourcesBuilt").asInt()).isZero();
    assertThat(second.path("metadata").path("sourcesSkipped").asInt()).isEqualTo(4);
    assertThat(PackageApi.target(first, "base").path("rows").asInt()).isEqualTo(6);
    assertThat(PackageApi.target(second, "base").path("rows").asInt()).isEqualTo(6);
    assertThat(physical(second, "base")).isEqualTo(physical(first, "base"));
    assertThat(p.manifest()).isEqualTo(manifest);
    assertThat(manifest.path("version").asInt()).isEqualTo(1);
  }

  @Test
  void aForcedRunBuildsAllAnew() {
    PackageApi p = orders("forced", CHAIN);
    JsonNode first = p.buildOk();

    JsonNode forced = p.build("{\"forceRefresh\":true}");

    assertThat(what(forced))
        .containsExactlyInAnyOrder(
            "base BUILT FORCED", "middle BUILT FORCED", "top BUILT FORCED", "aside BUILT FORCED");
    assertThat(physical(forced, "top")).isNotEqualTo(physical(first, "top"));
    assertThat(p.manifest().path("version").asInt()).isEqualTo(2);
    assertThat(PackageApi.target(forced, "top").path("sql").asString())
        .contains(name(forced, "middle"))
        .doesNotContain(name(first, "middle"));
  }

  @Test
  void changedSqlIsBuiltAndSoIsAllThatReadsItButNothingElse() {
    PackageApi p = orders("changed", CHAIN);
    JsonNode first = p.buildOk();

    model("changed", CHAIN.replace("sums is total.sum()", "sums is total.sum() * 10"));
    JsonNode second = p.buildOk();

    assertThat(what(second))
        .containsExactlyInAnyOrder(
            "base REUSED UNCHANGED",
            "middle BUILT SQL_CHANGED",
            "top BUILT SQL_CHANGED",
            "aside REUSED UNCHANGED");
    assertThat(PackageApi.target(second, "middle").path("sql").asString())
        .contains(name(first, "base"));
    assertThat(p.rows("orders.malloy", TOP)).hasToString("[{\"most\":1100}]");
  }

  @Test
  void aTableThatIsGoneIsBuiltAgainAndSoIsAllThatWasBuiltFromIt() {
    PackageApi p = orders("gone", CHAIN);
    JsonNode first = p.buildOk();
    PackageDatabase database = PackageDatabase.of(server, "gone");
    database.awaitRows("FROM aside");
    database.drop(physical(first, "middle"));

    JsonNode second = p.buildOk();

    assertThat(what(second))
        .containsExactlyInAnyOrder(
            "base REUSED UNCHANGED",
            "middle BUILT TABLE_MISSING",
            "top BUILT UPSTREAM",
            "aside REUSED UNCHANGED");
    assertThat(p.rows("orders.malloy", "run: middle -> { select: *; order_by: 1; limit: 1 }"))
        .hasToString("[{\"customer\":\"ann\",\"sums\":30}]");
  }

  @Test
  void anotherNameBuildsNothingAndMovesTheView() {
    PackageApi p = orders("renamed", CHAIN);
    JsonNode first = p.buildOk();
    PackageDatabase database = PackageDatabase.of(server, "renamed");
    database.awaitRows("FROM top");

    model(
        "renamed",
        CHAIN.replace("#@ persist\nsource: top", "#@ persist name=\"mart.peak\"\nsource: top"));
    JsonNode second = p.buildOk();

    assertThat(what(second))
        .containsExactlyInAnyOrder(
            "base REUSED UNCHANGED",
            "middle REUSED UNCHANGED",
            "mart.peak REUSED RENAMED",
            "aside REUSED UNCHANGED");
    assertThat(physical(second, "mart.peak")).isEqualTo(physical(first, "top"));
    assertThat(database.awaitRows("SELECT most FROM mart.peak")).containsExactly("110");
    assertThat(database.rows("SELECT view_name FROM duckdb_views() WHERE view_name = 'top'"))
        .isEmpty();
    assertThat(
            p.query("orders.malloy", TOP)
                .expect(200)
                .json()
                .path("materialized")
                .get(0)
                .path("tableName")
                .asString())
        .isEqualTo("mart.peak");
  }

  @Test
  void aSourceThatIsNoLongerDeclaredLeavesTheManifestAndLosesItsView() {
    PackageApi p = orders("dropped", CHAIN);
    p.buildOk();
    PackageDatabase database = PackageDatabase.of(server, "dropped");
    database.awaitRows("FROM aside");

    model("dropped", BASE);
    JsonNode second = p.buildOk();

    assertThat(what(second)).containsExactly("base REUSED UNCHANGED");
    assertThat(p.manifest().path("entries")).hasSize(1);
    String views = "SELECT view_name FROM duckdb_views() WHERE sql LIKE '%\\_\\_%' ESCAPE '\\'";
    Wait.until("only the view base is left", () -> database.rows(views).equals(List.of("base")));
  }

  @Test
  void afterAFailureDependantsAreSkippedOthersAreBuiltAndTheNextRunTakesThemUp() {
    String failing =
        BASE
            + """
            #@ persist
            source: bad is duckdb.sql("SELECT CAST(customer AS INTEGER) AS n FROM 'data/orders.csv'")
            #@ persist
            source: after_bad is bad -> { aggregate: highest is n.max() }
            #@ persist
            source: after_that is after_bad -> { select: * }
            """;
    PackageApi p = orders("failing", CHAIN);
    p.buildOk();
    JsonNode manifest = p.manifest();
    model("failing", failing.replace("total is amount.sum()", "total is amount.sum() + 1"));

    JsonNode failed = p.build();

    assertThat(failed.path("status").asString()).isEqualTo("FAILED");
    assertThat(what(failed))
        .containsExactlyInAnyOrder(
            "base BUILT SQL_CHANGED",
            "bad FAILED NEW",
            "after_bad SKIPPED NEW",
            "after_that SKIPPED NEW");
    assertThat(PackageApi.target(failed, "bad").path("error").asString()).contains("ann");
    assertThat(PackageApi.target(failed, "after_that").path("error").asString())
        .isEqualTo("main.bad failed");
    JsonNode problem = failed.path("problems").get(0);
    assertThat(failed.path("problems")).hasSize(1);
    assertThat(problem.path("code").asString()).isEqualTo("build_failed");
    assertThat(problem.path("model").asString()).isEqualTo("orders.malloy");
    assertThat(problem.path("line").asInt()).isEqualTo(6);
    assertThat(p.manifest()).isEqualTo(manifest);
    assertThat(p.rows("orders.malloy", TOP)).hasToString("[{\"most\":110}]");
    PackageDatabase database = PackageDatabase.of(server, "failing");
    assertThat(database.contents()).noneMatch(line -> line.contains("bad__"));

    model(
        "failing",
        failing
            .replace("total is amount.sum()", "total is amount.sum() + 1")
            .replace("CAST(customer AS INTEGER)", "CAST(amount AS INTEGER)"));
    JsonNode mended = p.buildOk();

    assertThat(what(mended))
        .containsExactlyInAnyOrder(
            "base REUSED UNCHANGED",
            "bad BUILT NEW",
            "after_bad BUILT NEW",
            "after_that BUILT NEW");
    assertThat(physical(mended, "base")).isEqualTo(physical(failed, "base"));
    assertThat(p.rows("orders.malloy", "run: after_that -> { select: * }"))
        .hasToString("[{\"highest\":60}]");
  }

  @Test
  void everyFailureOfARunIsInItsProblems() {
    String bad =
        "#@ persist\nsource: %s is duckdb.sql(\"SELECT CAST(%s AS INTEGER) AS n FROM 'data/orders.csv'\")\n";
    PackageApi p =
        orders("two-failures", bad.formatted("one", "customer") + bad.formatted("two", "item"));

    JsonNode failed = p.build();

    assertThat(failed.path("status").asString()).isEqualTo("FAILED");
    assertThat(failed.path("problems").valueStream().map(x -> x.path("line").asInt()))
        .containsExactlyInAnyOrder(3, 5);
    assertThat(p.manifest().path("entries")).isEmpty();
  }

  @Test
  void declaredNamesAnswerTheSameToAnyoneWhoOpensTheDatabaseAfterTheServerHasEnded(
      @TempDir Path home) throws SQLException {
    List<String> before;
    try (Server closing = Server.start(home)) {
      PackageFiles.orders(
          closing.packageFolder("shell"),
          BASE.replace("#@ persist", "#@ persist name=\"mart.base\"")
              + "query: q is base -> { select: *; order_by: customer, item }");
      PackageApi p = closing.register("shell");
      p.buildOk();
      before =
          p.named("orders.malloy", "q")
              .expect(200)
              .rows()
              .valueStream()
              .map(row ->
                  String.join(
                      "|",
                      row.path("customer").asString(),
                      row.path("item").asString(),
                      row.path("total").asString()))
              .toList();
      PackageDatabase.of(closing, "shell").awaitRows("FROM mart.base");
    }

    var after = new ArrayList<String>();
    Path file = home.resolve("home/databases/p/shell/package.duckdb");
    try (var connection = DriverManager.getConnection("jdbc:duckdb:" + file);
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT * FROM mart.base ORDER BY customer, item")) {
      while (rows.next()) {
        after.add(String.join("|", rows.getString(1), rows.getString(2), rows.getString(3)));
      }
    }
    assertThat(after).hasSize(6).isEqualTo(before);
  }

  private static PackageApi orders(String name, String model) {
    PackageFiles.orders(server.packageFolder(name), model);
    return server.register(name);
  }

  private static void model(String name, String text) {
    PackageFiles.orders(server.packageFolder(name), text);
  }

  /** The generation's own name, as it stands in SQL. */
  private static String name(JsonNode run, String table) {
    String physical = physical(run, table);
    return physical.substring(physical.indexOf('.') + 1);
  }
}
