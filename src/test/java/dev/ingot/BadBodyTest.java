package dev.ingot;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Answer;
import dev.ingot.testing.Refusal;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that are not the JSON that is read there, or not JSON at all. */
class BadBodyTest extends BadInput {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "",
        " ",
        "null",
        "[]",
        "5",
        "\"name\"",
        "{\"name\":}",
        "{'name':'x'}",
        "{\"name\":5}",
        "{\"name\":{}}",
        "{\"name\":[]}",
        "{\"name\":true}",
        "{\"source\":1}",
        "{\"query\":{}}",
        "{\"location\":[1]}",
        "{\"forceRefresh\":\"maybe\"}",
        "{\"autoLoadManifest\":7}",
        "{\"sources\":[null]}",
        "{\"version\":1.5}",
        "{} {}",
        "{}x",
        "{\"name\":\"a\"",
        "\u0000",
        "<x/>",
        "{\"packages\":[null]}",
        "{\"packages\":{}}",
        "{\"packages\":[[]]}",
        "{\"connections\":[[]]}",
        "{\"compactJson\":\"x\"}",
        "{\"name\":\"\\ud800\"}",
        "{\"name\":\"x\",\"packages\":[null]}",
        "{\"name\":\"x\",\"packages\":[{}]}",
        "{\"description\":{}}"
      })
  void noBodyThatDoesNotFitIsTaken(String body) {
    for (String path : POSTS.keySet()) {
      if ((body.isEmpty() || body.equals("null")) && path.endsWith("/materializations")) {
        continue; // there a body may be left out
      }
      Answer answer = client.post(path, body);
      assertThat(answer.status()).as("%s %s: %s", path, body, answer.text()).isEqualTo(400);
      Refusal.check(answer, 400, answer.code());
    }
    assertThat(projectNames()).containsExactly("p");
  }

  /** Where bodies are read, with one that is taken. */
  private static final Map<String, String> POSTS =
      Map.of(
          API + "/projects",
          "{\"name\":\"p\"}",
          API + "/projects/p/packages",
          "{\"name\":\"good\",\"location\":\"x\"}",
          K + "/materializations",
          "{\"forceRefresh\":true,\"autoLoadManifest\":true}",
          QUERY,
          "{\"sourceName\":\"orders\",\"queryName\":\"items\",\"compactJson\":true}",
          K + "/models/orders.malloy/compile",
          "{\"source\":\"run: orders -> items\"}");

  @Test
  void malformedJsonIsAnsweredWithItsPlace() {
    Answer answer = client.post(API + "/projects", "{\n  \"name\": x }");

    Refusal.check(answer, 400, "bad_request", "line 2", "column 11");
  }

  @Test
  void textBehindTheJsonIsNamedAsSuch() {
    Answer answer = client.post(API + "/projects", "{\"name\":\"x\"} {}");

    Refusal.check(answer, 400, "bad_request");
    assertThat(answer.json().path("message").asString()).contains("after").doesNotContain("''");
  }

  @Test
  void aFieldOfTheWrongTypeIsNamed() {
    Refusal.check(
        client.post(API + "/projects", "{\"name\":[\"x\"]}"), 400, "bad_request", "'name'");
    Refusal.check(
        client.post(API + "/projects", "{\"name\":\"x\",\"packages\":[{\"name\":{}}]}"),
        400,
        "bad_request",
        "packages",
        "name");
  }

  @ParameterizedTest
  @CsvSource({
    "/projects, nmae, name",
    "/projects, materialisationStorage, materializationStorage",
    "/projects/p/packages, locaton, location",
    "/projects/p/packages/good/materializations, forcerefresh, forceRefresh",
    "/projects/p/packages/good/models/orders.malloy/query, qeury, query",
    "/projects/p/packages/good/models/orders.malloy/compile, includeSQL, includeSql",
  })
  void anUnknownFieldIsNamedWithTheNearestKnownOne(String path, String field, String near) {
    Answer answer = client.post(API + path, "{\"%s\":null}".formatted(field));

    Refusal.check(answer, 400, "unknown_field", "'" + field + "'", "did you mean '" + near + "'");
  }

  @Test
  void anUnknownFieldThatIsLikeNoneIsAnsweredWithThoseThatAre() {
    Answer answer = client.patch(K, "{\"entirelyDifferent\":1}");

    Refusal.check(answer, 400, "unknown_field", "'entirelyDifferent'", "description, location");
    assertThat(answer.json().path("message").asString()).doesNotContain("did you mean");
  }

  @Test
  void aSecretWithoutQuotesIsNotRepeated() {
    Answer answer = client.post(API + "/projects", "{\"secretAccessKey\": s3cr3t }");

    Refusal.check(answer, 400, "bad_request", "line 1");
    assertThat(answer.text()).doesNotContain("s3cr3t");
  }

  @Test
  void aBodyOverTheLimitIsRefusedWhetherItsLengthIsSaidOrNot() {
    byte[] body = "{\"query\":\"%s\"}".formatted("-".repeat(2 * MEGABYTE)).getBytes(UTF_8);

    Answer said =
        client.send(
            client
                .request(QUERY)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(body)));
    Answer chunked =
        client.send(
            client
                .request(QUERY)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))));

    Refusal.check(said, 413, "request_too_large", "2097152", "ingot.max-request-size");
    Refusal.check(chunked, 413, "request_too_large", "2097152", "ingot.max-request-size");
  }

  @Test
  void aChunkedBodyIsReadLikeAnother() {
    byte[] body = "{\"query\":\"run: orders -> items\"}".getBytes(UTF_8);

    client
        .send(
            client
                .request(QUERY)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))))
        .expect(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"text/plain", "application/xml", "application/x-www-form-urlencoded", "x"})
  void aBodyOfAnotherTypeIsRefused(String type) {
    for (String path : POSTS.keySet()) {
      Answer answer =
          client.send(
              client
                  .request(path)
                  .header("Content-Type", type)
                  .POST(BodyPublishers.ofString("name=x")));
      Refusal.check(answer, 415, "unsupported_media_type");
    }
  }

  @Test
  void anAnswerOfAnotherTypeIsRefused() {
    for (String type : List.of("text/html", "image/png", "application/xml")) {
      Refusal.check(
          client.send(client.request(API + "/projects").header("Accept", type).GET()),
          406,
          "not_acceptable");
    }
  }

  @Test
  void noBodyWhateverItsBytesIsAServerError() {
    var random = new Random(20_260_101);
    for (int i = 0; i < 60; i++) {
      for (Map.Entry<String, String> post : POSTS.entrySet()) {
        byte[] body = i % 2 == 0 ? noise(random) : damaged(random, post.getValue());
        Answer answer =
            client.send(
                client
                    .request(post.getKey())
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofByteArray(body)));
        assertThat(answer.status())
            .as("%s %s: %s", post.getKey(), new String(body, ISO_8859_1), answer.text())
            .isLessThan(500);
      }
    }
    assertThat(projectNames()).contains("p");
  }

  private static byte[] noise(Random random) {
    byte[] bytes = new byte[random.nextInt(1, 200)];
    random.nextBytes(bytes);
    return bytes;
  }

  /** A good body with a few bytes changed. */
  private static byte[] damaged(Random random, String good) {
    byte[] bytes = good.getBytes(UTF_8);
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    return bytes;
  }
}
