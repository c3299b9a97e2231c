package dev.ingot;

import static dev.ingot.testing.RunReport.what;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.engine.TableName;
import dev.ingot.testing.Answer;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageDatabase;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Server;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What a plan refuses. Each time nothing is built, dropped or changed, and what answers stays. */
class PlanRefusalsTest {

  private static final String GOOD =
      """
      source: orders is duckdb.table('data/orders.csv')
      #@ persist name=kept
      source: kept is orders -> { group_by: customer; aggregate: total is amount.sum() }
      """;
  private static final String QUERY = "run: kept -> { select: *; order_by: customer }";

  private static Server server;
  private static int packages;

  /** For all that need no table or file of their own: none of them may leave a trace. */
  private static Refused shared;

  @BeforeAll
  static void start() {
    server = Server.shared();
    shared = new Refused();
  }

  @Test
  void twoTablesOfOneName() {
    JsonNode problem =
        onlyProblem(
            GOOD
                + """
                #@ persist name=kept
                source: other is orders -> { group_by: item }
                """);

    assertThat(problem.path("code").asString()).isEqualTo("duplicate_table");
    assertThat(problem.path("message").asString()).contains("main.kept", "'other'", "[kept]");
    assertPlace(problem, 6, 9);
  }

  @ParameterizedTest
  @ValueSource(strings = {"KEPT", "main.kept", "'\"Main\".\"kEPT\"'"})
  void twoTablesOfOneNameThatAreWrittenDifferently(String name) {
    JsonNode problem =
        onlyProblem(
            "%s#@ persist name=%s\nsource: other is orders -> { group_by: item }\n"
                .formatted(GOOD, name.startsWith("'") ? name : "\"" + name + "\""));

    assertThat(problem.path("code").asString()).isEqualTo("duplicate_table");
  }

  @Test
  void oneNameInTwoModels() {
    Refused refused = new Refused();
    PackageFiles.orders(refused.files(), GOOD)
        .model(
            "second.malloy",
            """
            source: orders is duckdb.table('data/orders.csv')
            #@ persist name=kept
            source: other is orders -> { group_by: item }
            """);

    JsonNode problem = refused.onlyProblem();

    assertThat(problem.path("code").asString()).isEqualTo("duplicate_table");
    assertThat(problem.path("model").asString()).isEqualTo("second.malloy");
  }

  @Test
  void oneTableUnderTwoNames() {
    JsonNode problem =
        onlyProblem(
            GOOD
                + """
                #@ persist name=again
                source: other is kept extend { dimension: twice is total * 2 }
                """);

    assertThat(problem.path("code").asString()).isEqualTo("conflicting_names");
    assertThat(problem.path("message").asString()).contains("main.kept", "main.again");
    assertPlace(problem, 6, 9);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"x\\\"; drop table kept; --\" | invalid_name",
        "'\"x; drop table kept; --\"' | invalid_name",
        "\"data/kept.parquet\" | invalid_name",
        "'\"data/kept.parquet\"' | invalid_name",
        "'\"kept.csv\"' | invalid_name",
        "\"kept.csv\" | invalid_name",
        "\"a.b.c\" | invalid_name",
        "\"pg_catalog.kept\" | invalid_name",
        "\"package.kept\" | invalid_name",
        "\"Temp.kept\" | invalid_name",
        "'\"\"' | invalid_name",
        "'\"a\".\"\"' | invalid_name",
        "\"\" | invalid_name",
        "my-table | persist-name"
      })
  void aNameThatCantBeATables(String name, String code) {
    JsonNode problem =
        onlyProblem(
            "%s#@ persist name=%s\nsource: other is orders -> { group_by: item }\n"
                .formatted(GOOD, name));

    assertThat(problem.path("code").asString()).isEqualTo(code);
    assertThat(problem.path("model").asString()).isEqualTo("orders.malloy");
    assertThat(problem.path("line").asInt()).isBetween(5, 6);
  }

  @ParameterizedTest
  @ValueSource(strings = {"persist name=\"open", "persist name={", "persist }"})
  void anAnnotationThatIsMalformed(String annotation) {
    shared.model(
        "%s#@ %s\nsource: other is orders -> { group_by: item }\n".formatted(GOOD, annotation));

    JsonNode problem = shared.problems().get(0);

    assertThat(problem.path("message").asString()).contains("#@", "malformed");
    assertThat(problem.path("model").asString()).isEqualTo("orders.malloy");
    assertThat(problem.path("line").asInt()).isEqualTo(5);
  }

  @Test
  void aNameThatSomebodyElsesTableHas() {
    Refused refused = new Refused();
    refused.database().createTable(new TableName("main", "taken"), "SELECT 42 AS answer");

    refused.model(
        GOOD
            + """
            #@ persist name=Taken
            source: other is orders -> { group_by: item }
            """);
    JsonNode problem = refused.onlyProblem();

    assertThat(problem.path("code").asString()).isEqualTo("name_occupied");
    assertThat(problem.path("message").asString()).contains("main.Taken");
    assertPlace(problem, 6, 9);
    assertThat(refused.database().rows("SELECT answer FROM taken")).containsExactly("42");
  }

  @Test
  void severalThingsAtOnceAreAllSaid() {
    Refused refused = new Refused();
    refused.database().createTable(new TableName("main", "taken"), "SELECT 42 AS answer");

    refused.model(
        GOOD
            + """
            #@ persist name=kept
            source: one is orders -> { group_by: item }
            #@ persist name="kept.csv"
            source: two is orders -> { group_by: amount }
            #@ persist
            source: taken is orders -> { group_by: id }
            """);

    assertThat(refused.problems().valueStream().map(p -> p.path("code").asString()))
        .containsExactlyInAnyOrder("duplicate_table", "invalid_name", "name_occupied");
  }

  @Test
  void aModelThatDoesntCompile() {
    Refused refused = new Refused();
    PackageFiles.orders(refused.files(), GOOD)
        .model(
            "second.malloy",
            "source: other is duckdb.table('data/orders.csv') -> {\n  group_by: nothing\n}\n");

    JsonNode problem = refused.onlyProblem();

    assertThat(problem.path("message").asString()).contains("nothing");
    assertThat(problem.path("model").asString()).isEqualTo("second.malloy");
    assertPlace(problem, 3, 13);
    assertThat(refused.run().path("error").asString()).startsWith("second.malloy:3:13: ");
  }

  @Test
  void aTableThatIsMissingEvenWhenItIsAggregated() {
    JsonNode problem =
        shared
            .model(
                GOOD
                    + "source: lost is duckdb.table('data/lost.csv') -> { aggregate: low is a.min() }\n")
            .problems()
            .get(0);

    assertThat(problem.path("message").asString())
        .startsWith("The package has no readable data file 'data/lost.csv'");
    assertPlace(problem, 5, 17);
  }

  @Test
  void aModelThatDoesntCompileIsListedWithItsErrorAndOnlyItsOwnQueriesAreRefused() {
    String name = nextName();
    PackageFiles.orders(server.packageFolder(name), GOOD)
        .model("broken/bad model.malloy", "source: other is nowhere\n");
    PackageApi p = server.register(name);

    JsonNode run = p.build();
    JsonNode models = server.client().get(p.path() + "/models").expect(200).json();
    Answer good = p.query("orders.malloy", QUERY).expect(200);
    Answer bad = p.query("broken/bad%20model.malloy", "run: other -> { select: * }").expect(424);
    Answer shown = server.client().get(p.path() + "/models/broken/bad%20model.malloy").expect(424);

    assertThat(run.path("status").asString()).isEqualTo("FAILED");
    assertThat(what(run)).containsExactly("kept BUILT NEW");
    assertThat(p.manifest().path("entries")).isEmpty();
    assertThat(models).hasSize(2);
    for (JsonNode model : models) {
      boolean broken = model.path("path").asString().equals("broken/bad model.malloy");
      assertThat(model.path("error").isNull()).isEqualTo(!broken);
    }
    assertThat(models.toString()).contains("broken/bad model.malloy:2:18: ");
    assertThat(good.rows()).hasSize(3);
    for (Answer answer : List.of(bad, shown)) {
      assertThat(answer.code()).isEqualTo("model_invalid");
      JsonNode problem = answer.json().path("problems").get(0);
      assertThat(problem.path("model").asString()).isEqualTo("broken/bad model.malloy");
      assertPlace(problem, 2, 18);
    }
  }

  @Test
  void otherPackagesGoOnBesideOneThatIsRefused() {
    shared.model("source: other is nowhere\n").problems();
    String name = nextName();
    PackageFiles.orders(server.packageFolder(name), GOOD);
    PackageApi other = server.register(name);

    other.buildOk();

    assertThat(other.rows("orders.malloy", QUERY)).hasSize(3);
  }

  private static JsonNode onlyProblem(String model) {
    return shared.model(model).onlyProblem();
  }

  private static void assertPlace(JsonNode problem, int line, int column) {
    assertThat(List.of(problem.path("line").asInt(), problem.path("column").asInt()))
        .as("line and column of %s", problem)
        .containsExactly(line, column);
  }

  private static String nextName() {
    packages++;
    return "refused-" + packages;
  }

  /** A package that was built once, and then is given something that must be refused. */
  private static final class Refused {
    private final String name = nextName();
    private final PackageApi api;

    Refused() {
      PackageFiles.orders(files(), GOOD);
      api = server.register(name);
      api.buildOk();
      // The view follows the publication; afterwards nothing moves any more.
      database().awaitRows("FROM kept");
    }

    Path files() {
      return server.packageFolder(name);
    }

    PackageDatabase database() {
      return PackageDatabase.of(server, name);
    }

    Refused model(String text) {
      PackageFiles.orders(files(), text);
      return this;
    }

    JsonNode onlyProblem() {
      JsonNode problems = problems();
      assertThat(problems).as("problems: %s", problems).hasSize(1);
      return problems.get(0);
    }

    JsonNode problems() {
      return run().path("problems");
    }

    /** Runs, and sees that it fails and leaves all as it was. */
    JsonNode run() {
      List<String> contents = database().contents();
      JsonNode manifest = api.manifest();
      JsonNode answer = api.query("orders.malloy", QUERY).expect(200).json();

      JsonNode run = api.build();

      assertThat(run.path("status").asString()).isEqualTo("FAILED");
      assertThat(what(run)).noneMatch(target -> target.contains(" BUILT "));
      assertThat(run.path("problems")).isNotEmpty();
      assertThat(database().contents()).isEqualTo(contents);
      assertThat(api.manifest()).isEqualTo(manifest);
      JsonNode after = api.query("orders.malloy", QUERY).expect(200).json();
      assertThat(after).isEqualTo(answer);
      assertThat(after.path("materialized")).hasSize(1);
      return run;
    }
  }
}
