package dev.ingot.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ingot.outbox.Delivery;
import dev.ingot.project.Webhook;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** How what is sent is signed: as standardwebhooks.com says, version 1. */
final class Signature {

  private static final String ALGORITHM = "HmacSHA256";

  private Signature() {}

  static String of(Webhook webhook, Delivery delivery, Instant at) {
    String signed = delivery.id() + "." + at.getEpochSecond() + "." + delivery.body();
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(webhook.key(), ALGORITHM));
      return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java has HMAC-SHA-256", e);
    }
  }
}
