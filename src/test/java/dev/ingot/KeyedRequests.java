package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Answer;
import dev.ingot.testing.Client;
import dev.ingot.testing.PackageApi;
import java.net.http.HttpRequest.BodyPublisher;
import java.util.List;

/** Requests with an {@code Idempotency-Key}, and what is said of their answers. */
final class KeyedRequests {

  private KeyedRequests() {}

  static Answer post(Client to, String path, BodyPublisher body, String key) {
    return to.send(
        to.request(path)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", key)
            .POST(body));
  }

  static String runs(PackageApi api) {
    return api.path() + "/materializations";
  }

  static void assertSame(Answer again, Answer first) {
    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(first.header("Idempotency-Replayed")).isEmpty();
    assertThat(again.status()).isEqualTo(first.status());
    assertThat(again.text()).isEqualTo(first.text());
    for (String header : List.of("Content-Type", "Location", "ETag", "Preference-Applied")) {
      assertThat(again.header(header)).as(header).isEqualTo(first.header(header));
    }
  }
}
