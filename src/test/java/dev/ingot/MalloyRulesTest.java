package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Answer;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Malloy's own rules of persistence, as they come through a build and a query. */
class MalloyRulesTest extends MalloyRules {

  @Test
  void aQueryReadsTheTableOfEveryPersistSourceInItAndNothingBelowIt() {
    PackageApi p = orders(BASE + "source: big is by_customer extend { where: total > 50 }");
    String table = physical(p.buildOk(), "by_customer");

    Answer direct = p.query("orders.malloy", "run: by_customer" + ALL).expect(200);
    Answer derived =
        p.query("orders.malloy", "run: big -> { aggregate: n is count() }").expect(200);
    Answer beside = p.query("orders.malloy", "run: orders -> { aggregate: n is count() }");

    assertThat(direct.rows()).hasToString(BY_CUSTOMER);
    assertThat(sql(direct)).contains(table).doesNotContain("orders.csv");
    assertThat(derived.rows()).hasToString("[{\"n\":2}]");
    assertThat(sql(derived)).contains(table).doesNotContain("orders.csv");
    assertThat(sql(beside)).contains("orders.csv").doesNotContain(table);
    assertThat(beside.json().path("materialized")).isEmpty();
    assertThat(beside.json().path("live")).isEmpty();
  }

  @Test
  void aQueryOverTwoPersistSourcesReadsBothTables() {
    PackageApi p =
        orders(
            BASE
                + """
                #@ persist
                source: names is orders -> { group_by: customer; aggregate: n is count() }
                source: both is by_customer extend { join_one: names on customer = names.customer }
                """);
    JsonNode run = p.buildOk();

    Answer answer =
        p.query(
                "orders.malloy",
                "run: both -> { group_by: customer, names.n, total; order_by: customer; limit: 1 }")
            .expect(200);

    assertThat(answer.rows()).hasToString("[{\"customer\":\"ann\",\"n\":2,\"total\":30}]");
    assertThat(sql(answer))
        .contains(physical(run, "by_customer"), physical(run, "names"))
        .doesNotContain("orders.csv");
    assertThat(answer.json().path("materialized")).hasSize(2);
  }

  @Test
  void anExtensionWithoutANameOfItsOwnMergesIntoItsBasesTable() {
    PackageApi p =
        orders(
            BASE
                + """
                source: wider is by_customer extend { dimension: twice is total * 2 }
                source: widest is wider extend { measure: all_of_it is twice.sum() }
                """);
    JsonNode run = p.buildOk();

    Answer answer = p.query("orders.malloy", "run: widest -> { aggregate: all_of_it }").expect(200);

    assertThat(run.path("targets")).hasSize(1);
    assertThat(names(run, "by_customer")).containsExactly("by_customer", "wider", "widest");
    assertThat(answer.rows()).hasToString("[{\"all_of_it\":420}]");
    assertThat(sql(answer)).contains(physical(run, "by_customer"));
  }

  @Test
  void aSourceBuiltFromAnExtensionReadsTheBasesTable() {
    PackageApi p =
        orders(
            BASE
                + """
                source: wider is by_customer extend { dimension: twice is total * 2 }
                #@ persist
                source: sums is wider -> { aggregate: s is twice.sum() }
                """);
    JsonNode run = p.buildOk();

    JsonNode sums = PackageApi.target(run, "sums");
    assertThat(sums.path("sql").asString())
        .contains(physical(run, "by_customer"))
        .doesNotContain("orders.csv");
    assertThat(p.rows("orders.malloy", "run: sums" + ALL)).hasToString("[{\"s\":420}]");
  }

  @Test
  void aSourceMarkedMinusPersistIsComputedLive() {
    PackageApi p =
        orders(
            BASE
                + """
                #@ -persist
                source: fresh is by_customer extend { dimension: twice is total * 2 }
                """);
    JsonNode run = p.buildOk();

    Answer answer = p.query("orders.malloy", "run: fresh" + ALL).expect(200);

    assertThat(names(run, "by_customer")).containsExactly("by_customer");
    assertThat(sql(answer)).contains("orders.csv");
    assertThat(answer.json().path("materialized")).isEmpty();
    assertThat(answer.rows()).hasSize(3);
  }

  @Test
  void sqlThatInterpolatesAPersistSourceIsBuiltFromItsTable() {
    PackageApi p =
        orders(
            BASE
                + """
                #@ persist
                source: ranked is duckdb.sql(\"""
                  SELECT customer, row_number() OVER (ORDER BY total DESC) AS place
                  FROM %{ by_customer -> { select: * } } -- no more; than this
                \""")
                """);
    JsonNode run = p.buildOk();

    assertThat(PackageApi.target(run, "ranked").path("sql").asString())
        .contains(physical(run, "by_customer"), "row_number()")
        .doesNotContain("orders.csv");
    assertThat(p.rows("orders.malloy", "run: ranked -> { select: *; order_by: place; limit: 1 }"))
        .hasToString("[{\"customer\":\"cid\",\"place\":1}]");
  }

  @Test
  void aSourceThatJoinsIsBuiltFromTheTablesOfAllThatItJoins() {
    PackageApi p =
        orders(
            BASE
                + """
                #@ persist
                source: counts is orders -> { group_by: customer; aggregate: n is count() }
                #@ persist
                source: averages is by_customer extend {
                  join_one: counts on customer = counts.customer
                } -> { group_by: customer; aggregate: average is total.sum() / counts.n.sum() }
                """);
    JsonNode run = p.buildOk();

    JsonNode averages = PackageApi.target(run, "averages");
    assertThat(averages.path("sql").asString())
        .contains(physical(run, "by_customer"), physical(run, "counts"))
        .doesNotContain("orders.csv");
    assertThat(averages.path("dependsOn")).hasSize(2);
    assertThat(p.rows("orders.malloy", "run: averages" + ALL).get(2))
        .hasToString("{\"average\":55,\"customer\":\"cid\"}");
  }

  @Test
  void modelsThatImportASourceBuildItOnceAndReadItsTableForTheirOwn() {
    String name = nextName();
    PackageFiles.orders(server.packageFolder(name), BASE)
        .file(
            "top.malloy",
            """
            // No flag of its own: it comes with the import.
            import "orders.malloy"
            #@ persist
            source: top is by_customer -> { aggregate: most is total.max() }
            """)
        .model(
            "deep/other.malloy",
            """
            import { renamed is by_customer } from "../orders.malloy"
            #@ persist
            source: lowest is renamed -> { aggregate: least is total.min() }
            """);
    PackageApi p = server.register(name);
    JsonNode run = p.buildOk();

    assertThat(run.path("targets")).hasSize(3);
    String base = physical(run, "by_customer");
    for (String table : List.of("top", "lowest")) {
      assertThat(PackageApi.target(run, table).path("sql").asString())
          .contains(base)
          .doesNotContain("orders.csv");
    }
    Answer top = p.query("top.malloy", "run: top" + ALL).expect(200);
    assertThat(top.rows()).hasToString("[{\"most\":110}]");
    assertThat(sql(top)).contains(physical(run, "top"));
    Answer renamed = p.query("deep/other.malloy", "run: renamed" + ALL).expect(200);
    assertThat(renamed.rows()).hasToString(BY_CUSTOMER);
    assertThat(sql(renamed)).contains(base);
  }

  @Test
  void sourcesWithTheSameSqlAreOneTableUnderTheOneNameThatIsSaid() {
    String name = nextName();
    String same = "is orders -> { group_by: customer; aggregate: total is amount.sum() }\n";
    PackageFiles.orders(
            server.packageFolder(name), BASE + "#@ persist name=sums\nsource: again " + same)
        .model(
            "more.malloy",
            "source: orders is duckdb.table('data/orders.csv')\n#@ persist\nsource: third " + same);
    PackageApi p = server.register(name);
    JsonNode run = p.buildOk();

    assertThat(run.path("targets")).hasSize(1);
    assertThat(names(run, "sums")).containsExactlyInAnyOrder("by_customer", "again", "third");
    String table = physical(run, "sums");
    for (String query : List.of("by_customer", "again")) {
      assertThat(sql(p.query("orders.malloy", "run: " + query + ALL).expect(200))).contains(table);
    }
    assertThat(sql(p.query("more.malloy", "run: third" + ALL).expect(200))).contains(table);
  }

  @Test
  void aModelWithoutTheFlagHasNoTablesAndAnswersLive() {
    String name = nextName();
    PackageFiles.create(server.packageFolder(name))
        .file("data/orders.csv", "customer,amount\nann,1\n")
        .file("plain.malloy", BASE);
    PackageApi p = server.register(name);

    JsonNode run = p.buildOk();

    assertThat(run.path("targets")).isEmpty();
    assertThat(p.manifest().path("entries")).isEmpty();
    assertThat(p.rows("plain.malloy", "run: by_customer" + ALL))
        .hasToString("[{\"customer\":\"ann\",\"total\":1}]");
  }

  private static List<String> names(JsonNode run, String table) {
    return PackageApi.target(run, table)
        .path("sourceNames")
        .valueStream()
        .map(JsonNode::asString)
        .toList();
  }
}
