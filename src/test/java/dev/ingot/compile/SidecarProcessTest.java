package dev.ingot.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.testing.Wait;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What is said between Ingot and a process, and what becomes of one that doesn't keep to it. */
class SidecarProcessTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final SidecarProcess.Callbacks NONE =
      (method, params) -> {
        throw new AssertionError("nothing is asked: " + method);
      };

  private final SidecarThreads threads = new SidecarThreads();
  private final FakeSidecar sidecar = new FakeSidecar(1, Map.of());
  private final SidecarProcess process =
      new SidecarProcess(
          sidecar, new SidecarProcess.Surroundings(FakeSidecars.JSON, threads, System::nanoTime));

  @AfterEach
  void stop() {
    process.close();
    threads.destroy();
  }

  private SidecarProcess.Died death(String method, Duration deadline) {
    var died =
        catchThrowableOfType(
            SidecarProcess.Died.class, () -> process.request(method, Map.of(), deadline, NONE));
    assertThat(process.isAlive()).as("half a conversation can't be gone on with").isFalse();
    assertThat(sidecar.isAlive()).isFalse();
    return died;
  }

  @Test
  void aRequestIsAnsweredWithItsResult() throws Exception {
    String text = "x".repeat(300_000);

    JsonNode answer = process.request("echo", Map.of("text", text), PATIENCE, NONE);

    assertThat(answer.path("text").asString()).isEqualTo(text);
  }

  @Test
  void whatItAsksMeanwhileIsAnsweredWhileOthersWait() throws Exception {
    JsonNode answer =
        process.request(
            "ask",
            Map.of("path", "a.malloy"),
            PATIENCE,
            (method, params) -> Map.of(method, params));

    assertThat(answer.at("/question/path").asString()).isEqualTo("a.malloy");
  }

  @Test
  void aQuestionThatFailsIsAnsweredWithWhatItsOwnerMaySee() throws Exception {
    JsonNode known =
        process.request(
            "ask",
            Map.of(),
            PATIENCE,
            (method, params) -> {
              throw new Fault(FaultCode.MODEL_NOT_FOUND, "There is no model 'x'");
            });
    JsonNode unknown =
        process.request(
            "ask",
            Map.of(),
            PATIENCE,
            (method, params) -> {
              throw new IllegalStateException("password=hunter2");
            });

    assertThat(known.path("message").asString()).isEqualTo("There is no model 'x'");
    assertThat(unknown.path("message").asString()).isEqualTo("internal error");
  }

  @Test
  void aRefusalIsPassedOnWithItsDataAndTheProcessGoesOn() throws Exception {
    assertThatThrownBy(() -> process.request("refuse", Map.of(), PATIENCE, NONE))
        .isInstanceOfSatisfying(
            SidecarProcess.Refused.class,
            refused -> assertThat(refused.data()).hasToString("{\"kind\":\"refuse\"}"))
        .hasMessage("no");

    assertThat(process.request("echo", Map.of(), PATIENCE, NONE)).isEmpty();
  }

  @Test
  void oneThatTakesTooLongIsEndedAndTheWorkIsToBlame() {
    var died = death("hang", Duration.ofMillis(20));

    assertThat(died.why()).isEqualTo("took longer than 20 ms and was stopped");
    assertThat(died.byWork()).isTrue();
  }

  @Test
  void oneThatRunsOutOfMemoryIsTheWorksDoing() {
    assertThat(death("abort", PATIENCE).byWork()).isTrue();
  }

  @Test
  void oneThatEndsIsNotTheWorksDoing() {
    var died = death("exit", PATIENCE);

    assertThat(died.why()).isEqualTo("ended with exit code 1");
    assertThat(died.byWork()).isFalse();
  }

  @Test
  void nonsenseIsNotTheWorksDoingEither() {
    var died = death("babble", PATIENCE);

    assertThat(died.why()).isEqualTo("ended in the middle of an answer");
    assertThat(died.byWork()).isFalse();
  }

  @Test
  void oneThatStandsStillIsNotTheWorksDoingEither() {
    sidecar.standStill();

    var died = death("echo", PATIENCE);

    assertThat(died.why()).isEqualTo("stood still and was ended");
    assertThat(died.byWork()).isFalse();
  }

  @Test
  void whoeverIsInterruptedEndsIt() throws Exception {
    var thrown = new CompletableFuture<Throwable>();
    Thread caller =
        Thread.startVirtualThread(() ->
            thrown.complete(
                catchThrowable(() -> process.request("hang", Map.of(), PATIENCE, NONE))));
    Wait.until("it was asked", () -> sidecar.asked().contains("hang"));

    caller.interrupt();

    assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    assertThat(process.isAlive()).isFalse();
  }
}
