package dev.ingot.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.engine.Engine;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.Server;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A statement whose connection is lost is tried again, and only such a one. */
class LostConnectionTest {

  private static final String BUILD = "Engine.build";
  private static final int TARGETS = 5;
  private static final int RETRIES = 3;

  @TempDir static Path folder;
  private static final Failpoints failpoints = new Failpoints();
  private static Server server;
  private static PackageApi api;

  @BeforeAll
  static void start() {
    server = Server.start(folder, failpoints, "ingot.build.parallelism=1");
    FaultDag.create(server.packageFolder("dag"));
    api = server.register("dag");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void aTableIsBuiltOnceEvenWhenItWasMadeAndTheAnswerWasLost() {
    failpoints.reset();
    fail(1, true);
    fail(3, false);

    JsonNode run = api.build("{\"forceRefresh\":true}");

    assertThat(run.path("status").asString()).as(run.toPrettyString()).isEqualTo("SUCCESS");
    assertThat(builds()).isEqualTo(TARGETS + 2);
    assertThat(api.rows(FaultDag.MODEL, FaultDag.QUERY).toString()).isEqualTo(FaultDag.answer(1));
    Failpoints.awaitNoRun();
    assertThat(Ledger.differences(server, "dag")).isEmpty();
  }

  @Test
  void aDatabaseThatStaysAwayFailsItsTargetWithItsOwnWords() {
    failpoints.reset();
    for (int nth = 1; nth <= 1 + RETRIES; nth++) {
      fail(nth, false);
    }

    JsonNode run = api.build("{\"forceRefresh\":true,\"failFast\":true}");

    assertThat(run.path("status").asString()).isEqualTo("FAILED");
    assertThat(run.path("error").asString()).contains("failed: the connection was lost");
    assertThat(builds()).isEqualTo(1 + RETRIES);
    Failpoints.awaitNoRun();
    assertThat(Ledger.differences(server, "dag")).isEmpty();
  }

  @Test
  void aStatementThatIsWrongIsTriedOnce() {
    failpoints.reset();
    failpoints.at(
        new Step(BUILD, 1, false),
        () -> {
          throw new Engine.EngineException("no such function", new IllegalStateException());
        });

    JsonNode run = api.build("{\"forceRefresh\":true,\"failFast\":true}");

    assertThat(run.path("error").asString()).contains("no such function");
    assertThat(builds()).isEqualTo(1);
  }

  private static void fail(int nth, boolean after) {
    failpoints.at(
        new Step(BUILD, nth, after),
        () -> {
          throw new Engine.UnreachableException(
              "the connection was lost", new IllegalStateException());
        });
  }

  private static long builds() {
    return failpoints.passed().stream()
        .filter(step -> step.method().equals(BUILD) && !step.after())
        .count();
  }
}
