package dev.ingot.api;

import dev.ingot.project.CatalogUrl;
import dev.ingot.project.Webhook;
import dev.ingot.project.Webhooks;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Webhooks in answers, which have no secrets. */
final class WebhookResources {

  private WebhookResources() {}

  @Schema(name = "Webhook", description = "Somebody who is told of builds")
  record WebhookResource(
      String url,
      @Schema(description = "Always ***", example = "***") String secret,
      @Schema(description = "What builds come to") List<Webhook.Event> events) {}

  @Schema(name = "WebhookDelivery", description = "Something that a webhook hasn't taken yet")
  record DeliveryResource(
      @Schema(description = "The webhook-id that each attempt has") String id,
      @Schema(description = "Of the webhook; null when the project has it no more")
          @Nullable String url,
      @Schema(description = "What is sent, as JSON text") String body,
      @Schema(description = "When it came to that") Instant createdAt,
      @Schema(description = "Attempts that have failed") int attempts,
      @Schema(description = "When it is tried next") Instant nextAt,
      @Schema(description = "Why the last attempt failed") @Nullable String error) {}

  /** In a form that may be sent back. */
  static List<WebhookResource> shown(Webhooks webhooks) {
    return webhooks.all().stream()
        .map(one -> new WebhookResource(one.url(), CatalogUrl.MASK, List.copyOf(one.events())))
        .toList();
  }
}
