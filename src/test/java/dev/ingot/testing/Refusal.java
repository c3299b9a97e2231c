package dev.ingot.testing;

import static org.assertj.core.api.Assertions.assertThat;

/** What every refused request is answered with. */
public final class Refusal {

  private Refusal() {}

  /** Checks the status, the form of a problem, its code, and words of its message. */
  public static void check(Answer answer, int status, String code, String... words) {
    answer.expect(status);
    assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
    assertThat(answer.code()).as(answer.text()).isEqualTo(code);
    assertThat(answer.json().path("status").asInt()).isEqualTo(status);
    String message = answer.json().path("message").asString();
    assertThat(message).isNotBlank().isEqualTo(answer.json().path("detail").asString());
    for (String word : words) {
      assertThat(message).contains(word);
    }
  }
}
