package dev.ingot.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.PackageApi;
import dev.ingot.testing.RunReport;
import dev.ingot.testing.Server;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A plan that is asked for while a run that has ended still cleans up. */
class PlanBesideARunTest {

  @TempDir private Path folder;

  @Test
  void aViewThatIngotMakesMeanwhileIsNotTakenForSomebodyElses() {
    var failpoints = new Failpoints();
    try (Server server = Server.start(folder, failpoints)) {
      FaultDag.create(server.packageFolder("dag"));
      PackageApi api = server.register("dag");
      var beforeItsViews = new Gate();
      failpoints.at(new Step("ManifestStore.intendViews", 1, false), beforeItsViews);
      api.buildOk();
      assertThat(beforeItsViews.awaitRun()).isTrue();
      var first = new AtomicBoolean(true);
      // The plan has read which views there are; the run makes all of them before it goes on.
      failpoints.watch((method, arguments, result, called) -> {
        if (method.equals("ManifestStore.views") && first.getAndSet(false)) {
          beforeItsViews.open();
          Failpoints.awaitNoRun();
        }
      });

      JsonNode plan = api.plan("");

      assertThat(first).isFalse();
      assertThat(plan.path("problems")).isEmpty();
      assertThat(RunReport.planned(plan))
          .isNotEmpty()
          .allMatch(line -> line.endsWith(" REUSE UNCHANGED"));
    }
  }
}
