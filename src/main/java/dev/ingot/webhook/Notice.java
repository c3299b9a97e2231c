package dev.ingot.webhook;

import dev.ingot.outbox.Delivery;
import dev.ingot.project.PackageKey;
import dev.ingot.project.Webhook;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is told of a build, in the form of standardwebhooks.com.
 *
 * @param type such as {@code materialization.success}
 * @param timestamp when it came to that
 */
public record Notice(String type, Instant timestamp, Data data) {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /**
   * The build, with names as the API has them.
   *
   * @param resource its path
   * @param error why it is FAILED or CANCELLED
   */
  public record Data(
      String resource,
      String id,
      String projectId,
      String packageName,
      Webhook.Event status,
      @Nullable String error) {}

  public static Notice of(
      PackageKey key, String run, Webhook.Event event, Instant at, @Nullable String error) {
    return new Notice(
        "materialization." + event.name().toLowerCase(Locale.ROOT),
        at,
        new Data(
            "/api/v0/projects/%s/packages/%s/materializations/%s"
                .formatted(key.project(), key.name(), run),
            run,
            key.project().value(),
            key.name().value(),
            event,
            error));
  }

  /** For one who is told of it. */
  public Delivery to(Webhook webhook, PackageKey key) {
    return Delivery.first(
        "msg_" + UUID.randomUUID().toString().replace("-", ""),
        key.project(),
        webhook.id(),
        JSON.writeValueAsString(this),
        timestamp);
  }
}
