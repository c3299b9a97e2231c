package dev.ingot.webhook;

import dev.ingot.outbox.Delivery;
import dev.ingot.outbox.Posts;
import dev.ingot.project.Webhook;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.springframework.stereotype.Component;

/**
 * Sends one event to one webhook: to the address that was looked at, wherever its name leads the
 * next moment, and no further than that.
 */
@Component
class Sender {

  static final Duration LONGEST = Duration.ofSeconds(15);

  private final AllowedHosts hosts;
  private final Posts posts;
  private final Clock clock;

  Sender(AllowedHosts hosts, Posts posts, Clock clock) {
    this.hosts = hosts;
    this.posts = posts;
    this.clock = clock;
  }

  /**
   * @throws IOException when it wasn't taken, and why
   */
  void send(Webhook webhook, Delivery delivery) throws IOException {
    URI uri = webhook.uri();
    List<InetAddress> addresses = hosts.addresses(uri);
    posts.send(request(webhook, delivery, uri), new Known(addresses), LONGEST);
  }

  private HttpPost request(Webhook webhook, Delivery delivery, URI uri) {
    Instant now = clock.instant();
    var post = new HttpPost(uri);
    post.setEntity(new StringEntity(delivery.body(), ContentType.APPLICATION_JSON));
    post.setHeader("webhook-id", delivery.id());
    post.setHeader("webhook-timestamp", now.getEpochSecond());
    post.setHeader("webhook-signature", Signature.of(webhook, delivery, now));
    return post;
  }

  /** The addresses that were looked at, whatever is asked. */
  private record Known(List<InetAddress> addresses) implements DnsResolver {

    @Override
    public InetAddress[] resolve(String host) {
      return addresses.toArray(InetAddress[]::new);
    }

    @Override
    public String resolveCanonicalHostname(String host) throws UnknownHostException {
      throw new UnknownHostException(host);
    }
  }
}
