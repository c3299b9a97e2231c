package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Answer;
import dev.ingot.testing.RawRequest;
import dev.ingot.testing.Refusal;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Query strings and kinds of bodies that no resource reads. */
class BadRequestTest extends BadInput {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "=x",
        "&=y",
        "reload=true&=y",
        "=",
        "%3D",
        "reload",
        "reload=",
        "x=",
        "%zz=1",
        "a=%zz",
        "a=%ff",
        "%ff=a",
        "a=%",
      })
  void aParameterWithoutNameOrValueIsRefusedOnEveryRoute(String parameters) throws IOException {
    for (String path :
        new String[] {
          "/api/v0/projects",
          "/api/v0/status",
          "/api/v0/nothing",
          K,
          K + "/manifest",
          K + "/materializations",
          K + "/models/orders.malloy",
        }) {
      Answer answer = RawRequest.get(client.url(), path + "?" + parameters);
      Refusal.check(answer, 400, "bad_request");
    }
  }

  @Test
  void aParameterIsNamedInWhatIsWrongWithIt() {
    Refusal.check(client.get(K + "?reload="), 400, "bad_request", "'reload'", "no value");
    Refusal.check(client.get(K + "?=x"), 400, "bad_request", "no name", "'=x'");
    Refusal.check(client.get(K + "?a=%ff"), 400, "bad_request", "'a'", "UTF-8");
  }

  @Test
  void anEmptyQueryStringAndStrayAmpersandsAreNoMistake() {
    for (String parameters : new String[] {"?", "?&", "?reload=false&", "?&&reload=false"}) {
      client.get(K + parameters).expect(200);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "multipart/form-data",
    "multipart/form-data; boundary=x",
    "multipart/mixed",
    "text/plain",
    "application/xml",
    "application/octet-stream",
  })
  void aBodyOfAnotherKindIsRefusedOnEveryRouteThatReadsOne(String type) {
    for (String path : new String[] {"/projects", "/projects/p/packages"}) {
      check(type, "POST", API + path, "{}");
    }
    for (String path :
        new String[] {"/materializations", "/models/orders.malloy/query", "/manifest/rollback"}) {
      check(type, "POST", K + path, "{}");
    }
    check(type, "PATCH", K, "{}");
    check(
        type, "POST", QUERY, "--x\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--x--\r\n");
  }

  private static void check(String type, String method, String path, String body) {
    Answer answer = send(type, method, path, body);
    Refusal.check(answer, 415, "unsupported_media_type", "application/json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"query=x", "=x", "a=%zz", "%ff=1", "&", ""})
  void aFormIsRefusedReadableOrNot(String form) {
    for (String method : new String[] {"POST", "PATCH", "PUT"}) {
      for (String path : new String[] {K, QUERY, K + "/manifest", K + "/materializations/x"}) {
        Answer answer = send("application/x-www-form-urlencoded", method, path, form);
        assertThat(answer.status())
            .as(method + " " + path + " " + answer.text())
            .isBetween(400, 499);
        Refusal.check(answer, answer.status(), answer.code());
      }
      good.manifest();
    }
  }

  private static Answer send(String type, String method, String path, String body) {
    return client.send(
        client
            .request(path)
            .header("Content-Type", type)
            .method(method, BodyPublishers.ofString(body)));
  }
}
