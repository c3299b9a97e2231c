package dev.ingot.idempotency;

import java.util.Map;

/**
 * An answer that is given again.
 *
 * @param headers those that belong to it
 * @param body empty when there was none, or one that was too long to be kept
 */
public record KeptAnswer(int status, Map<String, String> headers, String body) {

  public KeptAnswer {
    headers = Map.copyOf(headers);
  }
}
