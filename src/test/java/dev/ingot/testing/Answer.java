package dev.ingot.testing;

import java.net.http.HttpHeaders;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An HTTP answer. */
public record Answer(int status, HttpHeaders headers, String text) {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** The body as JSON; fails the test when it isn't. */
  public JsonNode json() {
    return JSON.readTree(text);
  }

  /** A header's first value; empty when it isn't there. */
  public String header(String name) {
    return headers.firstValue(name).orElse("");
  }

  /** The problem's code. */
  public String code() {
    return json().path("code").asString();
  }

  /** The rows of a query's compact result. */
  public JsonNode rows() {
    return JSON.readTree(json().path("result").asString());
  }

  /** The answer itself when it has this status; otherwise fails with all that came. */
  public Answer expect(int expected) {
    if (status != expected) {
      throw new AssertionError("expected status %d, got %d: %s".formatted(expected, status, text));
    }
    return this;
  }
}
