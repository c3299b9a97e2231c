package dev.ingot.body;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.project.CatalogUrl;
import dev.ingot.project.Webhook;
import dev.ingot.project.Webhooks;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Somebody who is to be told of builds. */
@Schema(name = "WebhookRequest")
public record WebhookRequest(
    @Schema(
            requiredMode = RequiredMode.REQUIRED,
            description =
                "https://, or http:// to an address that ingot.webhooks.allowed-hosts has; its host must be one of those",
            example = "https://hooks.example.com/ingot")
        @Nullable String url,
    @Schema(
            requiredMode = RequiredMode.REQUIRED,
            description =
                "What is sent is signed with it: whsec_ and base64 of 24 to 64 bytes. *** in answers; in requests *** is the one that is known for this URL",
            pattern = Webhook.SECRET_PATTERN)
        @Nullable String secret,
    @Schema(description = "What builds come to; absent: SUCCESS, FAILED and CANCELLED")
        @Nullable List<Webhook.@Nullable Event> events) {

  /**
   * @param known whose secrets the masked ones mean
   * @throws Fault BAD_REQUEST, INVALID_WEBHOOK
   */
  public static Webhooks read(List<? extends @Nullable WebhookRequest> requests, Webhooks known) {
    return new Webhooks(requests.stream().map(request -> read(request, known)).toList());
  }

  /**
   * @param request an element of a list, which JSON lets be null
   * @throws Fault BAD_REQUEST, INVALID_WEBHOOK
   */
  public static Webhook read(@Nullable WebhookRequest request, Webhooks known) {
    if (request == null) {
      throw new Fault(FaultCode.BAD_REQUEST, "A webhook is an object, not null");
    }
    String url = Required.field("url", request.url());
    String secret = Required.field("secret", request.secret());
    if (secret.equals(CatalogUrl.MASK)) {
      secret =
          known.all().stream()
              .filter(one -> one.url().equals(url))
              .findFirst()
              .map(Webhook::secret)
              .orElseThrow(() ->
                  new Fault(
                      FaultCode.INVALID_WEBHOOK,
                      "A webhook has a masked secret, and none is known for its URL; give it"));
    }
    if (request.events() == null) {
      return new Webhook(url, secret, Webhook.ENDS);
    }
    var events = EnumSet.noneOf(Webhook.Event.class);
    for (Webhook.Event event : request.events()) {
      events.add(Required.field("events", event));
    }
    return new Webhook(url, secret, events);
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "webhook";
  }
}
