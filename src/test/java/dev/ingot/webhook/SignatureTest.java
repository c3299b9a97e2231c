package dev.ingot.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.outbox.Delivery;
import dev.ingot.project.ProjectName;
import dev.ingot.project.Webhook;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SignatureTest {

  /** The example that libraries of Standard Webhooks are tested with. */
  @Test
  void itIsTheOneThatReceiversExpect() {
    var webhook =
        new Webhook(
            "https://hooks.example.com", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", Webhook.ENDS);
    Instant at = Instant.ofEpochSecond(1_614_265_330);
    var delivery =
        Delivery.first(
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            new ProjectName("p"),
            webhook.id(),
            "{\"test\": 2432232314}",
            at);

    assertThat(Signature.of(webhook, delivery, at))
        .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  }
}
