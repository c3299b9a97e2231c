package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.engine.TableName;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageDatabase;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Refusal;
import dev.ingot.testing.Server;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** All that a plan has to say, in one answer. */
class PlanProblemsTest {

  private static final String ORDERS = "source: orders is duckdb.table('data/orders.csv')\n";
  private static final String GOOD =
      ORDERS
          + """
          #@ persist
          source: by_customer is orders -> { group_by: customer; aggregate: total is amount.sum() }
          """;

  private static Server server;

  @BeforeAll
  static void start() {
    server = Server.shared();
  }

  private static List<String> places(JsonNode problems) {
    return problems
        .valueStream()
        .map(problem ->
            "%s %s %s:%s"
                .formatted(
                    problem.path("severity").asString(),
                    problem.path("code").asString(),
                    problem.path("model").asString(),
                    problem.path("line").asInt()))
        .toList();
  }

  @Test
  void readingADeclaredTableByItsNameIsAWarningWhereItIsWritten() {
    PackageFiles files = PackageFiles.orders(server.packageFolder("reads"), GOOD);
    PackageApi p = server.register("reads");
    p.buildOk();
    PackageDatabase.of(server, "reads").awaitRows("FROM by_customer");

    files
        .file(
            "plain.malloy",
            """
            // A model without the persistence flag reads past the manifest just the same.
            source: by_name is duckdb.table('by_customer')
            source: wider is by_name extend { dimension: twice is total * 2 }
            """)
        .model(
            "sql.malloy",
            """
            import "orders.malloy"
            source: quoted is duckdb.table('"main"."By_Customer"')
            source: joined is orders extend {
              join_one: sums is duckdb.sql(\"""
                select o.customer, t.total from 'data/orders.csv' o join by_customer t using (customer)
              \""") on customer = sums.customer
            }
            source: hidden is duckdb.sql(\"""with by_customer as (select 1 as x) from by_customer\""")
            source: column is duckdb.sql(\"""select 1 as by_customer, 'by_customer' as text\""")
            source: proper is duckdb.sql(\"""select * from %{ by_customer -> { select: * } }\""")
            """);
    JsonNode run = p.buildOk();

    assertThat(places(run.path("problems")))
        .containsExactlyInAnyOrder(
            "warn declared_name_read plain.malloy:2",
            "warn declared_name_read sql.malloy:3",
            "warn declared_name_read sql.malloy:5");
    assertThat(run.path("problems").get(0).path("message").asString())
        .contains("main.by_customer", "'by_customer' instead");
    assertThat(places(server.client().get(p.path() + "/plan").expect(200).json().path("problems")))
        .isEqualTo(places(run.path("problems")));
  }

  @Test
  void everyKindOfProblemIsInTheOneAnswer() {
    PackageFiles files = PackageFiles.orders(server.packageFolder("together"), GOOD);
    PackageApi p = server.register("together");
    p.buildOk();
    PackageDatabase database = PackageDatabase.of(server, "together");
    database.awaitRows("FROM by_customer");
    database.createTable(new TableName("main", "taken"), "SELECT 42 AS answer");

    files
        .file(
            "broken.malloy",
            """
            source: one is duckdb.table('data/orders.csv') -> { group_by: nothing }
            source: two is nowhere
            source: three is warehouse.table('x')
            """)
        .file("missing.malloy", "source: lost is duckdb.table('data/lost.csv')\n")
        .model(
            "names.malloy",
            ORDERS
                + """
                #@ persist name=by_customer
                source: again is orders -> { group_by: item }
                #@ persist name="kept.csv"
                source: file is orders -> { group_by: amount }
                #@ persist
                source: taken is orders -> { group_by: id }
                #@ persist name=left_name
                source: one_name is orders -> { group_by: id, item }
                #@ persist name=right_name
                source: two_names is one_name extend { dimension: twice is id * 2 }
                #@ persist name="open
                source: malformed is orders -> { group_by: id, customer }
                #@ persist name=my-table
                source: cut is orders -> { group_by: item, customer }
                """)
        .file(
            "sources.malloy",
            """
            ##! experimental { persistence givens parameters composite_sources }
            source: orders is duckdb.table('data/orders.csv')
            given: WANTED :: number is 1
            #@ persist
            source: given_s is orders -> { group_by: item; where: id = $WANTED }
            #@ persist
            source: param_s(p::number is 1) is orders -> { group_by: item; limit: 2 }
            #(authorize) "role = 1"
            source: secret is orders
            #@ persist
            source: from_secret is secret -> { group_by: item; limit: 3 }
            #@ persist
            source: no_query is duckdb.table('data/orders.csv')
            #@ persist
            source: part is orders -> { group_by: item; limit: 4 }
            source: composite is compose(part, orders)
            source: past is duckdb.table('by_customer')
            """);
    JsonNode run = p.build();

    assertThat(run.path("status").asString()).isEqualTo("FAILED");
    assertThat(run.path("targets")).isEmpty();
    assertThat(places(run.path("problems")))
        .containsExactlyInAnyOrder(
            "error field-not-found broken.malloy:1",
            "error source-not-found broken.malloy:2",
            "error failed-to-fetch-table-schema broken.malloy:3",
            "error failed-to-fetch-table-schema missing.malloy:1",
            "error duplicate_table orders.malloy:4",
            "error invalid_name names.malloy:6",
            "error name_occupied names.malloy:8",
            "error conflicting_names names.malloy:12",
            "error tag-parse-error names.malloy:13",
            "error persist-name names.malloy:15",
            "error persist-given sources.malloy:5",
            "error persist-parameter sources.malloy:7",
            "error persist-authorize sources.malloy:11",
            "warn persist-ignored sources.malloy:13",
            "warn persist-composite sources.malloy:16",
            "warn declared_name_read sources.malloy:17");
    assertThat(places(server.client().get(p.path() + "/plan").expect(200).json().path("problems")))
        .isEqualTo(places(run.path("problems")));
  }

  @Test
  void persistThatDoesNothingIsSaidByPlanRunAndModel() {
    PackageFiles.orders(
            server.packageFolder("nothing"),
            GOOD
                + """
                #@ Persist
                source: by_item is orders -> { group_by: item; aggregate: total is amount.sum() }
                #@ persist nmae=items storage=lake
                source: items is orders -> { group_by: item }
                """)
        .file(
            "plain.malloy",
            """
            ##! experimental.persistance
            source: orders is duckdb.table('data/orders.csv')
            #@ persist
            source: by_customer is orders -> { group_by: customer }
            """);
    PackageApi p = server.register("nothing");
    JsonNode run = p.buildOk();

    assertThat(places(run.path("problems")))
        .containsExactlyInAnyOrder(
            "warn persist-misspelt orders.malloy:5",
            "warn persist-option orders.malloy:7",
            "warn persist-unsupported orders.malloy:7",
            "warn persist-no-flag plain.malloy:1");
    assertThat(places(p.plan("").path("problems"))).isEqualTo(places(run.path("problems")));
    assertThat(places(model(p, "plain.malloy")))
        .containsExactly("warn persist-no-flag plain.malloy:1");
    assertThat(places(model(p, "orders.malloy"))).hasSize(3);
  }

  private static JsonNode model(PackageApi p, String path) {
    return server.client().get(p.path() + "/models/" + path).expect(200).json().path("problems");
  }

  @Test
  void whatAuthorizeRestrictsIsNotAnswered() {
    PackageFiles.orders(
        server.packageFolder("gated"),
        ORDERS
            + """
            #(authorize) "role = 1"
            source: secret is orders extend { view: items is { group_by: item } }
            source: joins is orders extend { join_one: secret on id = secret.id }
            query: named is secret -> items
            """);
    PackageApi p = server.register("gated");

    for (String text : List.of("run: secret -> items", "run: joins -> { group_by: secret.item }")) {
      Refusal.check(
          p.query("orders.malloy", text), 403, "authorize_not_enforced", "#(authorize)", "secret");
    }
    Refusal.check(p.named("orders.malloy", "named"), 403, "authorize_not_enforced", "secret");
    p.query("orders.malloy", "run: orders -> { group_by: item }").expect(200);
  }
}
