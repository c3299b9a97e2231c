package dev.ingot;

import static dev.ingot.HookedProject.KEY;
import static dev.ingot.HookedProject.hook;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.HookReceiver;
import dev.ingot.testing.HookReceiver.Heard;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.Ports;
import dev.ingot.testing.Wait;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Those who are told of builds. */
class WebhookTest {

  @TempDir static Path folder;
  private static HookedProject project;

  private HookReceiver receiver;

  @BeforeAll
  static void start() {
    project = HookedProject.start(folder);
  }

  @AfterAll
  static void stop() {
    project.close();
  }

  @BeforeEach
  void listen() {
    receiver = HookReceiver.on(0);
  }

  @AfterEach
  void forget() {
    receiver.close();
    project.remove();
  }

  private List<Heard> heard(int count) {
    Wait.until(count + " are heard", () -> receiver.heard().size() >= count);
    return receiver.heard();
  }

  @Test
  void whatABuildComesToIsToldAndSigned() throws GeneralSecurityException {
    PackageApi p =
        project.create(
            hook(receiver.url("/a?b=c"), ",\"events\":[\"RUNNING\",\"SUCCESS\",\"FAILED\"]"));
    Instant before = Instant.now().minusSeconds(1);

    String id = p.buildOk().path("id").asString();

    List<Heard> both = heard(2);
    project.allTold();
    assertThat(both)
        .extracting(Heard::type)
        .containsExactly("materialization.running", "materialization.success");
    Heard told = both.getLast();
    assertThat(told.path()).isEqualTo("/a?b=c");
    JsonNode data = told.json().path("data");
    assertThat(data.path("id").asString()).isEqualTo(id);
    assertThat(data.path("projectId").asString()).isEqualTo("hooked");
    assertThat(data.path("packageName").asString()).isEqualTo("orders");
    assertThat(data.path("status").asString()).isEqualTo("SUCCESS");
    assertThat(data.path("error").isNull()).isTrue();
    JsonNode run = project.admin.get(data.path("resource").asString()).expect(200).json();
    assertThat(told.json().path("timestamp").asString())
        .isEqualTo(run.path("completedAt").asString());
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(Base64.getDecoder().decode(KEY), "HmacSHA256"));
    String time = told.header("webhook-timestamp");
    assertThat(Instant.ofEpochSecond(Long.parseLong(time))).isBetween(before, Instant.now());
    String signed = told.id() + "." + time + "." + told.body();
    assertThat(told.header("webhook-signature"))
        .isEqualTo(
            "v1,"
                + Base64.getEncoder()
                    .encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8))));
    assertThat(told.header("content-type")).startsWith("application/json");
  }

  @Test
  void aFailureIsToldWithItsError() throws IOException {
    PackageApi p = project.create(hook(receiver.url("/"), ""));
    Path bad = project.location().resolve("bad.malloy");
    Files.writeString(bad, "##! experimental.persistence\n#@ persist\nsource: x is nothing_there");
    try {
      JsonNode run = p.build();

      assertThat(run.path("status").asString()).isEqualTo("FAILED");
      Heard told = heard(1).getFirst();
      assertThat(told.type()).isEqualTo("materialization.failed");
      assertThat(told.json().path("data").path("error").asString())
          .isEqualTo(run.path("error").asString())
          .isNotEmpty();
    } finally {
      Files.delete(bad);
    }
    String pending = p.create("{}");
    p.post("/materializations/" + pending + "/stop", "").expect(200);
    assertThat(heard(2).getLast().type()).isEqualTo("materialization.cancelled");
  }

  @Test
  void whoFailsIsToldAgainUntilHeTakesIt() {
    PackageApi p = project.create(hook(receiver.url("/"), ""));
    var refusals = new CountDownLatch(3);
    receiver.answers(one -> {
      boolean refused = refusals.getCount() > 0;
      refusals.countDown();
      return refused ? 503 : 200;
    });

    p.buildOk();

    List<Heard> attempts = heard(4);
    project.allTold();
    assertThat(receiver.heard()).hasSize(4);
    assertThat(attempts).extracting(Heard::id).containsOnly(attempts.getFirst().id());
    assertThat(attempts).extracting(Heard::body).containsOnly(attempts.getFirst().body());
  }

  @ParameterizedTest
  @CsvSource({"302, 'It answered 302; redirects aren''t followed'", "410, It answered 410"})
  void whyItWasNotTakenCanBeSeenAndNoRedirectIsFollowed(int status, String why) {
    PackageApi p = project.create(hook(receiver.url("/"), ""));
    receiver.answers(one -> status);

    p.buildOk();

    Wait.until(
        "it was tried twice", () -> project.deliveries().path(0).path("attempts").asInt() >= 2);
    JsonNode waiting = project.deliveries().get(0);
    assertThat(waiting.path("error").asString()).isEqualTo(why);
    assertThat(waiting.path("url").asString()).isEqualTo(receiver.url("/"));
    assertThat(receiver.heard()).extracting(Heard::path).containsOnly("/");
    receiver.answers(one -> 200);
    project.allTold();
  }

  @Test
  void nobodyWaitsForOneWhoIsSlow() throws InterruptedException {
    var release = new CountDownLatch(1);
    try (HookReceiver slow = HookReceiver.on(0)) {
      PackageApi p = project.create(hook(slow.url("/slow"), ""), hook(receiver.url("/"), ""));
      slow.answers(one -> {
        try {
          release.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
        return 200;
      });

      p.buildOk();
      p.buildOk();

      heard(2);
      assertThat(slow.heard()).hasSizeLessThan(2);
      release.countDown();
      project.allTold();
      assertThat(slow.heard()).hasSize(2);
    }
  }

  @Test
  void eachIsToldOnce() {
    PackageApi p = project.create(hook(receiver.url("/"), ""), hook(receiver.url("/other"), ""));

    for (int i = 0; i < 15; i++) {
      p.buildOk();
    }

    heard(30);
    project.allTold();
    assertThat(receiver.heard()).hasSize(30);
    assertThat(new HashSet<>(receiver.heard().stream().map(Heard::id).toList())).hasSize(30);
  }

  @Test
  void whatNobodyHeardIsToldAfterARestart(@TempDir Path own) throws IOException {
    int port = Ports.free();
    String id;
    try (HookedProject first = HookedProject.start(own)) {
      PackageApi p = first.create(hook("http://127.0.0.1:%d/".formatted(port), ""));
      id = p.buildOk().path("id").asString();
      Wait.until("it was tried", () -> first.deliveries().path(0).path("attempts").asInt() > 0);
    }
    assertThat(Files.readString(own.resolve("home/state.duckdb"), StandardCharsets.ISO_8859_1))
        .as("the state")
        .contains("materialization.success")
        .doesNotContain(KEY);

    try (HookReceiver late = HookReceiver.on(port);
        HookedProject second = HookedProject.start(own)) {
      Wait.until("it is heard", () -> !late.heard().isEmpty());
      assertThat(late.heard().getFirst().json().path("data").path("id").asString()).isEqualTo(id);
      second.allTold();
    }
  }
}
