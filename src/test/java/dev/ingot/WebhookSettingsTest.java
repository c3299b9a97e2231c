package dev.ingot;

import static dev.ingot.HookedProject.KEY;
import static dev.ingot.HookedProject.PATH;
import static dev.ingot.HookedProject.SECRET;
import static dev.ingot.HookedProject.hook;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Client;
import dev.ingot.testing.HookReceiver;
import dev.ingot.testing.HookReceiver.Heard;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.Refusal;
import dev.ingot.testing.Wait;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What webhooks a project may have, and who sees what of them. */
class WebhookSettingsTest {

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
  void aSecretIsNeverShownAndStaysWhereItIsMasked() {
    PackageApi p = project.create(hook(receiver.url("/"), ""));
    JsonNode shown = project.admin.get(PATH).expect(200).json().path("webhooks");

    assertThat(shown.toString()).doesNotContain(KEY).contains("\"***\"");
    project.admin.patch(PATH, "{\"webhooks\":%s}".formatted(shown)).expect(200);
    p.buildOk();

    assertThat(heard(1).getFirst().header("webhook-signature")).startsWith("v1,");
    Refusal.check(
        project.admin.patch(
            PATH,
            "{\"webhooks\":[{\"url\":\"%s\",\"secret\":\"***\"}]}".formatted(receiver.url("/x"))),
        400,
        "invalid_webhook",
        "masked");
    project.admin.patch(PATH, "{\"webhooks\":[]}").expect(200);
    assertThat(project.admin.get(PATH).expect(200).json().path("webhooks")).isEmpty();
  }

  @Test
  void onlyAdminsSeeThem() {
    project.create(hook(receiver.url("/"), ""));
    String key =
        project
            .admin
            .post(
                "/api/v0/keys",
                "{\"name\":\"builder\",\"roles\":[{\"project\":\"hooked\",\"role\":\"build\"}]}")
            .expect(201)
            .json()
            .path("key")
            .asString();
    Client builder = project.server.client().as(key);

    assertThat(builder.get(PATH).expect(200).json().path("webhooks").isNull()).isTrue();
    assertThat(builder.get("/api/v0/projects").expect(200).json().get(0).path("webhooks").isNull())
        .isTrue();
    builder.get(PATH + "/webhooks/deliveries").expect(403);
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
        project.admin.post(
            "/api/v0/projects",
            "{\"name\":\"hooked\",\"webhooks\":[{\"url\":\"%s\",\"secret\":\"%s\"}]}"
                .formatted(url, secret.formatted(SECRET))),
        400,
        code,
        why);
    project.admin.get(PATH).expect(404);
  }

  @Test
  void aNameThatLeadsToAPrivateAddressIsNotReached(@TempDir Path own) {
    try (HookedProject inner = HookedProject.start(own, "localhost")) {
      PackageApi p = inner.create(hook("https://localhost:%d/".formatted(receiver.port()), ""));

      p.buildOk();

      Wait.until(
          "it was tried",
          () ->
              inner
                  .deliveries()
                  .path(0)
                  .path("error")
                  .asString("")
                  .contains("'localhost' has no address"));
      assertThat(receiver.heard()).isEmpty();
    }
  }
}
