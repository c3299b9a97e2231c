package dev.ingot;

import static dev.ingot.testing.RunReport.what;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Server;
import dev.ingot.testing.SlowSql;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What becomes of the others when a target fails. */
class FailurePolicyTest {

  private static final String FAILING =
      """
      source: orders is duckdb.table('data/orders.csv')
      #@ persist
      source: good is orders -> { aggregate: n is count() }
      #@ persist
      source: bad is orders -> { aggregate: x is max(customer::number) }
      #@ persist
      source: worse is orders -> { aggregate: x is min(item::number) }
      #@ persist
      source: on_bad is bad -> { aggregate: y is x.sum() }
      """;

  @TempDir static Path folder;
  private static Server server;

  @BeforeAll
  static void start() {
    server = Server.start(folder, "ingot.build.parallelism=2");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void everyErrorIsToldWithItsPlaceAndWhatDoesNotDependOnItIsBuilt() {
    PackageFiles.orders(server.packageFolder("all"), FAILING);
    PackageApi p = server.register("all");

    JsonNode run = p.build();

    assertThat(run.path("status").asString()).isEqualTo("FAILED");
    assertThat(what(run))
        .containsExactlyInAnyOrder(
            "good BUILT NEW", "bad FAILED NEW", "worse FAILED NEW", "on_bad SKIPPED NEW");
    assertThat(run.path("problems").valueStream().map(x -> x.path("line").asInt()))
        .containsExactlyInAnyOrder(6, 8);
    assertThat(run.path("problems").valueStream().map(x -> x.path("model").asString()))
        .containsOnly("orders.malloy");
    assertThat(what(p.build())).contains("good REUSED UNCHANGED");
    server.client().delete(p.path() + "/materializations/" + run.path("id").asString()).expect(204);
    assertThat(what(p.build())).as("the record alone went").contains("good REUSED UNCHANGED");
  }

  @Test
  void aRunThatIsToFailFastEndsWithTheFirstFailure() {
    PackageFiles.orders(
        server.packageFolder("fast"),
        FAILING
            .replace(
                "orders -> { aggregate: x is min(item::number) }",
                "numbers -> { aggregate: x is max(h) }")
            .replace(
                "source: orders is",
                "source: numbers is duckdb.sql(\"\"\""
                    + SlowSql.SELECT
                    + "\"\"\")\nsource: orders is"));
    PackageApi p = server.register("fast");

    JsonNode run = p.build("{\"failFast\":true}");

    assertThat(run.path("status").asString()).isEqualTo("FAILED");
    assertThat(run.path("failFast").asBoolean()).isTrue();
    assertThat(PackageApi.target(run, "bad").path("status").asString()).isEqualTo("FAILED");
    // It would take hours, and may have waited for a place when the other one failed.
    JsonNode slow = PackageApi.target(run, "worse");
    assertThat(slow.path("status").asString()).isIn("CANCELLED", "SKIPPED");
    assertThat(slow.path("error").asString()).contains("main.bad failed");
    assertThat(run.path("problems")).hasSize(1);
  }
}
