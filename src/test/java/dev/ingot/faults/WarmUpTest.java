package dev.ingot.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Answer;
import dev.ingot.testing.Models;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Server;
import dev.ingot.testing.Wait;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that starts again is ready when its first query needn't wait for the compiler. */
class WarmUpTest {

  private static final String READINESS = "/health/readiness";
  private static final String TEXT = "run: by_customer -> { select: *; order_by: customer }";

  @TempDir Path folder;

  private final Gate compiled = new Gate();
  private final AtomicInteger models = new AtomicInteger();
  private final AtomicInteger queries = new AtomicInteger();

  @BeforeEach
  void buildBefore() {
    try (Server before = Server.start(folder)) {
      PackageFiles.orders(before.packageFolder("orders"), Models.BY_CUSTOMER);
      before.register("orders").buildOk();
    }
  }

  private Server again(String... settings) {
    var failpoints = new Failpoints();
    failpoints.watch((method, arguments, result, called) -> {
      if (method.equals("MalloyCompiler.compile")) {
        models.incrementAndGet();
        compiled.run();
      }
      if (method.equals("MalloyCompiler.prepare")) {
        queries.incrementAndGet();
      }
    });
    return Server.start(folder, failpoints, settings);
  }

  @Test
  void readinessWaitsUntilWhatIsServedIsCompiledAndQueriesAreAnsweredMeanwhile() {
    try (Server after = again("ingot.warm-up.patience=10m")) {
      compiled.awaitComing();
      Answer waiting = after.client().get(READINESS).expect(503);
      assertThat(waiting.json().path("status").asString()).isEqualTo("DOWN");
      after.client().get("/health/liveness").expect(200);
      var p = new PackageApi(after.client(), after.packagesPath() + "/orders");
      p.query("orders.malloy", TEXT).expect(200);

      compiled.open();

      Wait.until("ready", () -> after.client().get(READINESS).status() == 200);
      assertThat(models.get()).isEqualTo(1);
      assertThat(after.client().get(READINESS).json().path("status").asString()).isEqualTo("UP");
    }
  }

  @Test
  void aTableIsCountedSoThatNobodysQueryIsTheFirst() {
    compiled.open();
    try (Server after = again("ingot.warm-up.patience=10m")) {
      Wait.until("ready", () -> after.client().get(READINESS).status() == 200);

      assertThat(queries.get()).isEqualTo(1);
    }
  }

  @Test
  void readinessWaitsNoLongerThanItIsTold() {
    try (Server after = again("ingot.warm-up.patience=10ms")) {
      compiled.awaitComing();
      Wait.until("ready", () -> after.client().get(READINESS).status() == 200);
      compiled.open();
    }
  }
}
