package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Answer;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Server;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Sources over sources over sources, which DuckDB would plan for ever. */
class DeepChainTest {

  private static final int STEPS = 32;

  /** {@code c0} to {@code c31}, each of which groups the one before it. */
  private static String chain(String first) {
    return IntStream.range(0, STEPS)
        .mapToObj(step ->
            "source: c%d is %s -> { group_by: customer; aggregate: n is count() }\n"
                .formatted(step, step == 0 ? first : "c" + (step - 1)))
        .collect(Collectors.joining());
  }

  @Test
  void aTextOfManyStepsIsAnswered() {
    Server server = Server.shared();
    PackageFiles.orders(
        server.packageFolder("steps"), "source: orders is duckdb.table('data/orders.csv')\n");
    PackageApi p = server.register("steps");

    Answer answer =
        p.query("orders.malloy", chain("orders") + "run: c31 -> { aggregate: rows is count() }");

    assertThat(answer.expect(200).rows()).hasToString("[{\"rows\":3}]");
  }

  @Test
  void aTableBelowManyStepsThatAreNotPersistedIsBuilt() {
    Server server = Server.shared();
    PackageFiles.orders(
        server.packageFolder("fed"),
        "source: orders is duckdb.table('data/orders.csv')\n"
            + chain("orders")
            + "#@ persist\nsource: last is c31 -> { group_by: customer; aggregate: n is n.sum() }\n");
    PackageApi p = server.register("fed");
    String query = "run: last -> { select: *; order_by: customer }";
    JsonNode live = p.rows("orders.malloy", query);

    JsonNode run = p.buildOk();

    assertThat(PackageApi.target(run, "last").path("rows").asInt()).isEqualTo(3);
    Answer answer = p.query("orders.malloy", query).expect(200);
    assertThat(answer.json().path("live")).isEmpty();
    assertThat(answer.rows()).isEqualTo(live).hasSize(3);
  }
}
