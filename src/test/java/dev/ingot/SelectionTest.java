package dev.ingot;

import static dev.ingot.testing.Models.CHAIN;
import static dev.ingot.testing.RunReport.asPlanned;
import static dev.ingot.testing.RunReport.physical;
import static dev.ingot.testing.RunReport.planned;
import static dev.ingot.testing.RunReport.what;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageDatabase;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Refusal;
import dev.ingot.testing.Server;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Runs of some sources, and the plan that tells what a run would do. */
class SelectionTest {

  private static final String MIDDLE = "{\"sources\":[\"middle\"]}";

  private static Server server;

  @BeforeAll
  static void start() {
    server = Server.shared();
  }

  @Test
  void aSelectionBuildsWhatItNeedsAndLeavesTheRest() {
    PackageApi p = chain("needs", CHAIN);

    JsonNode run = plannedAndBuilt(p, "?sources=top", "{\"sources\":[\"top\"]}");

    assertThat(what(run))
        .containsExactlyInAnyOrder(
            "base BUILT NEW", "middle BUILT NEW", "top BUILT NEW", "aside SKIPPED NOT_SELECTED");
    assertThat(p.manifest().path("entries")).hasSize(3);
    assertThat(
            p.query("orders.malloy", "run: aside -> { select: * }").expect(200).json().at("/live"))
        .hasSize(1);
    assertThat(what(p.buildOk()))
        .containsExactlyInAnyOrder(
            "base REUSED UNCHANGED",
            "middle REUSED UNCHANGED",
            "top REUSED UNCHANGED",
            "aside BUILT NEW");
  }

  @Test
  void whatIsNotSelectedIsCarriedOverEvenWhenItsModelHasChanged() {
    PackageApi p = chain("carried", CHAIN);
    JsonNode first = p.buildOk();
    String changed =
        CHAIN
            .replace("aggregate: n is count()", "aggregate: n is count() + 1")
            .replace("sums is total.sum()", "sums is total.sum() + 1");
    PackageFiles.orders(server.packageFolder("carried"), changed);

    JsonNode run = plannedAndBuilt(p, "?sources=middle", MIDDLE);

    assertThat(what(run))
        .containsExactlyInAnyOrder(
            "base REUSED UNCHANGED",
            "middle BUILT SQL_CHANGED",
            "top BUILT SQL_CHANGED",
            "aside SKIPPED NOT_SELECTED");
    assertThat(tables(p)).contains("aside " + physical(first, "aside")).hasSize(4);
    assertThat(PackageDatabase.of(server, "carried").awaitRows("FROM aside")).containsExactly("6");
    assertThat(p.rows("orders.malloy", "run: aside -> { select: * }")).hasToString("[{\"n\":7}]");
  }

  @Test
  void aForcedSelectionIsBuiltWithItsDependantsAndNothingElse() {
    PackageApi p = chain("forced", CHAIN);
    p.buildOk();

    JsonNode run =
        plannedAndBuilt(
            p,
            "?sources=main.middle&forceRefresh=true",
            "{\"sources\":[\"main.middle\"],\"forceRefresh\":true}");

    assertThat(what(run))
        .containsExactlyInAnyOrder(
            "base REUSED UNCHANGED",
            "middle BUILT FORCED",
            "top BUILT FORCED",
            "aside REUSED UNCHANGED");
  }

  @Test
  void aStaleUpstreamTakesAllItsDependantsWithIt() {
    String model =
        CHAIN
            + """
            #@ persist
            source: other is base -> { group_by: item; aggregate: sums is total.sum() }
            """;
    PackageApi p = chain("stale", model);
    p.buildOk();
    PackageFiles.orders(
        server.packageFolder("stale"), model.replace("amount.sum() }", "amount.sum() * 2 }"));

    JsonNode run = plannedAndBuilt(p, "?sources=middle", MIDDLE);

    assertThat(what(run))
        .containsExactlyInAnyOrder(
            "base BUILT SQL_CHANGED",
            "middle BUILT SQL_CHANGED",
            "top BUILT SQL_CHANGED",
            "other BUILT SQL_CHANGED",
            "aside REUSED UNCHANGED");
  }

  @Test
  void aMissingTableOfWhatIsNotSelectedIsNotPassedOff() {
    PackageApi p = chain("missing", CHAIN);
    JsonNode first = p.buildOk();
    PackageDatabase.of(server, "missing").drop(physical(first, "aside"));

    JsonNode run = plannedAndBuilt(p, "?sources=middle", MIDDLE);

    assertThat(what(run)).contains("aside SKIPPED NOT_SELECTED");
    assertThat(tables(p)).hasSize(3);
    assertThat(what(p.buildOk())).contains("aside BUILT NEW");
  }

  @Test
  void anUnknownSourceRefusesThePlanWithTheNamesThatThereAre() {
    PackageApi p = chain("unknown", CHAIN);

    JsonNode run = p.build("{\"sources\":[\"midle\"]}");

    assertThat(run.path("status").asString()).isEqualTo("FAILED");
    assertThat(run.at("/problems/0/code").asString()).isEqualTo("unknown_source");
    assertThat(run.at("/problems/0/message").asString())
        .contains("'midle'")
        .contains("aside, base, middle, top");
    assertThat(p.plan("?sources=midle").path("problems")).isEqualTo(run.path("problems"));
    Refusal.check(
        server.client().post(p.path() + "/materializations", "{\"sources\":[]}"),
        400,
        "bad_request",
        "at least one");
  }

  @Test
  void thePlanTellsOldAndNewSqlAndWhatIsDownstream() {
    PackageApi p = chain("told", CHAIN);
    JsonNode first = p.buildOk();
    JsonNode before = p.plan("");
    PackageFiles.orders(
        server.packageFolder("told"),
        CHAIN
            .replace("sums is total.sum()", "sums is total.max()")
            .replace("#@ persist\nsource: aside", "source: aside"));

    JsonNode plan = p.plan("");

    assertThat(planned(before)).allMatch(line -> line.endsWith(" REUSE UNCHANGED"));
    assertThat(PackageApi.target(before, "base").path("physicalTable").asString())
        .isEqualTo(physical(first, "base"));
    JsonNode middle = PackageApi.target(plan, "middle");
    assertThat(middle.path("reason").asString()).isEqualTo("SQL_CHANGED");
    assertThat(middle.path("previousSql").asString().toLowerCase(Locale.ROOT)).contains("sum(");
    assertThat(middle.path("sql").asString().toLowerCase(Locale.ROOT)).contains("max(");
    assertThat(middle.path("previousSql").asString())
        .isEqualTo(PackageApi.target(before, "middle").path("sql").asString());
    assertThat(middle.path("downstream"))
        .hasSize(1)
        .first()
        .isEqualTo(PackageApi.target(plan, "top").path("buildId"));
    assertThat(plan.path("removed")).hasToString("[\"aside\"]");
    assertThat(plan.path("version").asInt()).isEqualTo(1);
    assertThat(what(p.buildOk())).hasSize(3);
    assertThat(tables(p)).hasSize(3);
  }

  /** The plan said before what the run then did. */
  private static JsonNode plannedAndBuilt(PackageApi p, String parameters, String body) {
    JsonNode plan = p.plan(parameters);
    JsonNode run = p.build(body);
    assertThat(run.path("status").asString()).as(run.toPrettyString()).isEqualTo("SUCCESS");
    assertThat(asPlanned(run)).isEqualTo(planned(plan));
    return run;
  }

  @Test
  void aSelectedSourceThatIsRenamedAndForcedKeepsNoEntryUnderItsOldName() {
    PackageApi p = chain("renamed", CHAIN);
    p.buildOk();
    PackageFiles.orders(
        server.packageFolder("renamed"),
        CHAIN.replace("#@ persist\nsource: aside", "#@ persist name=apart\nsource: aside"));

    plannedAndBuilt(
        p, "?sources=aside&forceRefresh=true", "{\"sources\":[\"aside\"],\"forceRefresh\":true}");

    assertThat(tables(p))
        .hasSize(4)
        .noneMatch(table -> table.startsWith("aside "))
        .anyMatch(table -> table.startsWith("apart "));
    JsonNode versions = server.client().get(p.path() + "/manifest/versions").expect(200).json();
    assertThat(versions.path(0).path("tables")).as("one for each BuildID").hasSize(4);
  }

  private static List<String> tables(PackageApi p) {
    return p.manifest()
        .path("entries")
        .valueStream()
        .map(entry ->
            entry.path("tableName").asString() + " " + entry.path("physicalTable").asString())
        .toList();
  }

  private static PackageApi chain(String name, String model) {
    PackageFiles.orders(server.packageFolder(name), model);
    return server.register(name);
  }
}
