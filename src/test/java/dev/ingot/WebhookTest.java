package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Client;
import dev.ingot.testing.HookReceiver;
import dev.ingot.testing.HookReceiver.Heard;
import dev.ingot.testing.Models;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Ports;
import dev.ingot.testing.Refusal;
import dev.ingot.testing.Server;
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

  private static final String ADMIN = "admin-0123456789abcdef0123456789abcdef";
  private static final String KEY = "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0";
  private static final String SECRET = "whsec_" + KEY;
  private static final String PROJECT = "/api/v0/projects/hooked";
  private static final String[] SETTINGS = {
    "ingot.access.admin-key=" + ADMIN,
    "ingot.webhooks.allowed-hosts=127.0.0.1,localhost",
    "ingot.webhooks.first-retry=50ms"
  };

  @TempDir static Path folder;
  private static Server server;
  private static Client admin;
  private static Path location;

  private HookReceiver receiver;

  @BeforeAll
  static void start() {
    server = Server.start(folder, SETTINGS);
    admin = server.client().as(ADMIN);
    location = PackageFiles.orders(server.packageFolder("orders"), Models.CHAIN).folder();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void listen() {
    receiver = HookReceiver.on(0);
  }

  @AfterEach
  void forget() {
    receiver.close();
    admin.delete(PROJECT);
  }

  private static String hook(String url, String more) {
    return "{\"url\":\"%s\",\"secret\":\"%s\"%s}".formatted(url, SECRET, more);
  }

  private static PackageApi create(String... hooks) {
    admin
        .post(
            "/api/v0/projects",
            "{\"name\":\"hooked\",\"webhooks\":[%s],\"packages\":[{\"name\":\"orders\",\"location\":\"%s\"}]}"
                .formatted(String.join(",", hooks), location))
        .expect(201);
    return new PackageApi(admin, PROJECT + "/packages/orders");
  }

  private List<Heard> heard(int count) {
    Wait.until(count + " are heard", () -> receiver.heard().size() >= count);
    return receiver.heard();
  }

  private static JsonNode deliveries() {
    return admin.get(PROJECT + "/webhooks/deliveries").expect(200).json();
  }

  private static void allTold() {
    Wait.until("all are told", () -> deliveries().isEmpty());
  }

  @Test
  void whatABuildComesToIsToldAndSigned() throws GeneralSecurityException {
    PackageApi p =
        create(hook(receiver.url("/a?b=c"), ",\"events\":[\"RUNNING\",\"SUCCESS\",\"FAILED\"]"));
    Instant before = Instant.now().minusSeconds(1);

    String id = p.buildOk().path("id").asString();

    List<Heard> both = heard(2);
    allTold();
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
    JsonNode run = admin.get(data.path("resource").asString()).expect(200).json();
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
    PackageApi p = create(hook(receiver.url("/"), ""));
    Path bad = location.resolve("bad.malloy");
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
    PackageApi p = create(hook(receiver.url("/"), ""));
    var refusals = new CountDownLatch(3);
    receiver.answers(one -> {
      boolean refused = refusals.getCount() > 0;
      refusals.countDown();
      return refused ? 503 : 200;
    });

    p.buildOk();

    List<Heard> attempts = heard(4);
    allTold();
    assertThat(receiver.heard()).hasSize(4);
    assertThat(attempts).extracting(Heard::id).containsOnly(attempts.getFirst().id());
    assertThat(attempts).extracting(Heard::body).containsOnly(attempts.getFirst().body());
  }

  @ParameterizedTest
  @CsvSource({"302, 'It answered 302; redirects aren''t followed'", "410, It answered 410"})
  void whyItWasNotTakenCanBeSeenAndNoRedirectIsFollowed(int status, String why) {
    PackageApi p = create(hook(receiver.url("/"), ""));
    receiver.answers(one -> status);

    p.buildOk();

    Wait.until("it was tried twice", () -> deliveries().path(0).path("attempts").asInt() >= 2);
    JsonNode waiting = deliveries().get(0);
    assertThat(waiting.path("error").asString()).isEqualTo(why);
    assertThat(waiting.path("url").asString()).isEqualTo(receiver.url("/"));
    assertThat(receiver.heard()).extracting(Heard::path).containsOnly("/");
    receiver.answers(one -> 200);
    allTold();
  }

  @Test
  void nobodyWaitsForOneWhoIsSlow() throws InterruptedException {
    var release = new CountDownLatch(1);
    try (HookReceiver slow = HookReceiver.on(0)) {
      PackageApi p = create(hook(slow.url("/slow"), ""), hook(receiver.url("/"), ""));
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
      allTold();
      assertThat(slow.heard()).hasSize(2);
    }
  }

  @Test
  void eachIsToldOnce() {
    PackageApi p = create(hook(receiver.url("/"), ""), hook(receiver.url("/other"), ""));

    for (int i = 0; i < 15; i++) {
      p.buildOk();
    }

    heard(30);
    allTold();
    assertThat(receiver.heard()).hasSize(30);
    assertThat(new HashSet<>(receiver.heard().stream().map(Heard::id).toList())).hasSize(30);
  }

  @Test
  void whatNobodyHeardIsToldAfterARestart(@TempDir Path own) throws IOException {
    int port = Ports.free();
    String id;
    try (Server first = Server.start(own, SETTINGS)) {
      Client client = first.client().as(ADMIN);
      Path files = PackageFiles.orders(first.packageFolder("orders"), Models.CHAIN).folder();
      client
          .post(
              "/api/v0/projects",
              "{\"name\":\"hooked\",\"webhooks\":[%s],\"packages\":[{\"name\":\"orders\",\"location\":\"%s\"}]}"
                  .formatted(hook("http://127.0.0.1:%d/".formatted(port), ""), files))
          .expect(201);
      id = new PackageApi(client, PROJECT + "/packages/orders").buildOk().path("id").asString();
      Wait.until(
          "it was tried",
          () ->
              client
                      .get(PROJECT + "/webhooks/deliveries")
                      .expect(200)
                      .json()
                      .path(0)
                      .path("attempts")
                      .asInt()
                  > 0);
    }
    assertThat(Files.readString(own.resolve("home/state.duckdb"), StandardCharsets.ISO_8859_1))
        .as("the state")
        .contains("materialization.success")
        .doesNotContain(KEY);

    try (HookReceiver late = HookReceiver.on(port);
        Server second = Server.start(own, SETTINGS)) {
      Wait.until("it is heard", () -> !late.heard().isEmpty());
      assertThat(late.heard().getFirst().json().path("data").path("id").asString()).isEqualTo(id);
      Client client = second.client().as(ADMIN);
      Wait.until(
          "it is told",
          () -> client.get(PROJECT + "/webhooks/deliveries").expect(200).json().isEmpty());
    }
  }

  @Test
  void aSecretIsNeverShownAndStaysWhereItIsMasked() {
    PackageApi p = create(hook(receiver.url("/"), ""));
    JsonNode shown = admin.get(PROJECT).expect(200).json().path("webhooks");

    assertThat(shown.toString()).doesNotContain(KEY).contains("\"***\"");
    admin.patch(PROJECT, "{\"webhooks\":%s}".formatted(shown)).expect(200);
    p.buildOk();

    assertThat(heard(1).getFirst().header("webhook-signature")).startsWith("v1,");
    Refusal.check(
        admin.patch(
            PROJECT,
            "{\"webhooks\":[{\"url\":\"%s\",\"secret\":\"***\"}]}".formatted(receiver.url("/x"))),
        400,
        "invalid_webhook",
        "masked");
    admin.patch(PROJECT, "{\"webhooks\":[]}").expect(200);
    assertThat(admin.get(PROJECT).expect(200).json().path("webhooks")).isEmpty();
  }

  @Test
  void onlyAdminsSeeThem() {
    create(hook(receiver.url("/"), ""));
    String key =
        admin
            .post(
                "/api/v0/keys",
                "{\"name\":\"builder\",\"roles\":[{\"project\":\"hooked\",\"role\":\"build\"}]}")
            .expect(201)
            .json()
            .path("key")
            .asString();
    Client builder = server.client().as(key);

    assertThat(builder.get(PROJECT).expect(200).json().path("webhooks").isNull()).isTrue();
    assertThat(builder.get("/api/v0/projects").expect(200).json().get(0).path("webhooks").isNull())
        .isTrue();
    builder.get(PROJECT + "/webhooks/deliveries").expect(403);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "https://other.example.com | %1$s | invalid_webhook | allowed-hosts",
        "ftp://127.0.0.1 | %1$s | invalid_webhook | https://",
        "https://ann:secret@127.0.0.1 | %1$s | invalid_webhook | neither a user",
        "https:///x | %1$s | invalid_webhook | host",
        "https://127.0.0.1/ x | %1$s | invalid_webhook | character 19",
        "https://127.0.0.1 | whsec_c2hvcnQ= | invalid_webhook | 24 to 64 bytes",
        "https://127.0.0.1 | secret | invalid_webhook | whsec_",
        "https://127.0.0.1 | %1$s\",\"events\":[] ,\"x\":\" | unknown_field | x",
        "https://127.0.0.1 | %1$s\",\"events\":[\"DONE\"],\"secret\":\"a | bad_request | events",
      })
  void whatCanNotBeOneIsRefused(String url, String secret, String code, String why) {
    Refusal.check(
        admin.post(
            "/api/v0/projects",
            "{\"name\":\"hooked\",\"webhooks\":[{\"url\":\"%s\",\"secret\":\"%s\"}]}"
                .formatted(url, secret.formatted(SECRET))),
        400,
        code,
        why);
    admin.get(PROJECT).expect(404);
  }

  @Test
  void aNameThatLeadsToAPrivateAddressIsNotReached(@TempDir Path own) {
    try (Server inner =
        Server.start(
            own,
            "ingot.access.admin-key=" + ADMIN,
            "ingot.webhooks.allowed-hosts=localhost",
            "ingot.webhooks.first-retry=50ms")) {
      Client client = inner.client().as(ADMIN);
      Path files = PackageFiles.orders(inner.packageFolder("orders"), Models.CHAIN).folder();
      String url = "https://localhost:%d/".formatted(receiver.port());
      client
          .post(
              "/api/v0/projects",
              "{\"name\":\"hooked\",\"webhooks\":[%s],\"packages\":[{\"name\":\"orders\",\"location\":\"%s\"}]}"
                  .formatted(hook(url, ""), files))
          .expect(201);

      new PackageApi(client, PROJECT + "/packages/orders").buildOk();

      Wait.until(
          "it was tried",
          () ->
              client
                  .get(PROJECT + "/webhooks/deliveries")
                  .expect(200)
                  .json()
                  .path(0)
                  .path("error")
                  .asString("")
                  .contains("'localhost' has no address"));
      assertThat(receiver.heard()).isEmpty();
    }
  }
}
