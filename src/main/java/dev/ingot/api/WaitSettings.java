package dev.ingot.api;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long requests may wait.
 *
 * @param maxWait the longest; who prefers to wait longer is told so
 */
@ConfigurationProperties("ingot")
record WaitSettings(@DefaultValue("60s") Duration maxWait) {

  /** In whole seconds. */
  Duration atMost(Duration preferred) {
    return Duration.ofSeconds(Math.min(preferred.toSeconds(), Math.max(0, maxWait.toSeconds())));
  }
}
