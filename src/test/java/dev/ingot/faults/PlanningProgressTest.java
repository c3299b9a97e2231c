package dev.ingot.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Models;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Server;
import dev.ingot.testing.Wait;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Who looks at a run that is planned for long sees how far that is, and may stop it. */
class PlanningProgressTest {

  @TempDir private Path folder;

  @Test
  void aPlanThatTakesLongSaysHowFarItIs() throws IOException {
    var failpoints = new Failpoints();
    var held = new Gate();
    failpoints.watch((method, arguments, result, called) -> {
      if (method.equals("Engine.describeSelect")) {
        held.run();
      }
    });
    try (Server server = Server.start(folder, failpoints)) {
      Path models = server.packageFolder("slow");
      PackageFiles.orders(models, Models.BY_CUSTOMER);
      Files.writeString(
          models.resolve("slow.malloy"), "source: one is duckdb.sql(\"SELECT 1 AS n\")\n");
      PackageApi p = server.register("slow");
      String stopped = p.create("{}");
      p.start(stopped);

      Wait.until("it says so", () -> planning(p, stopped).path("modelsCompiled").asInt() == 1);
      assertThat(planning(p, stopped).path("models").asInt()).isEqualTo(2);
      assertThat(p.get(stopped).path("targets")).isEmpty();
      server.client().post(p.path() + "/materializations/" + stopped + "/stop").expect(200);
      assertThat(planning(p, stopped).isNull()).isTrue();

      held.open();
      JsonNode run = p.buildOk();
      assertThat(run.at("/metadata/planning").isNull()).isTrue();
    }
  }

  private static JsonNode planning(PackageApi p, String id) {
    return p.get(id).at("/metadata/planning");
  }
}
