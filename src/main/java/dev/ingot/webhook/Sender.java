package dev.ingot.webhook;

import dev.ingot.project.Webhook;
import dev.ingot.project.WorkerIdentity;
import dev.ingot.threads.Tasks;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.io.CloseMode;
import org.springframework.stereotype.Component;

/**
 * Sends one event to one webhook: to the address that was looked at, wherever its name leads the
 * next moment, and no further than that.
 */
@Component
class Sender {

  private static final Duration CONNECT = Duration.ofSeconds(5);

  /** Of who sends its answer a byte at a time. */
  static final Duration LONGEST = Duration.ofSeconds(15);

  private static final int REDIRECT = 300;
  private static final int BAD = 400;

  private final AllowedHosts hosts;
  private final Tasks tasks;
  private final Clock clock;
  private final String agent;

  Sender(AllowedHosts hosts, WorkerIdentity worker, Tasks tasks, Clock clock) {
    this.hosts = hosts;
    this.tasks = tasks;
    this.clock = clock;
    agent = "Ingot/" + worker.version();
  }

  /**
   * @throws IOException when it wasn't taken, and why
   */
  void send(Webhook webhook, Delivery delivery) throws IOException {
    URI uri = webhook.uri();
    List<InetAddress> addresses = hosts.addresses(uri);
    HttpPost post = request(webhook, delivery, uri);
    try (CloseableHttpClient client = client(addresses)) {
      tasks.startAfter(LONGEST, "webhook-end", () -> client.close(CloseMode.IMMEDIATE));
      // What it says is never read: only whether it has taken it.
      try (ClassicHttpResponse response = client.executeOpen(null, post, null)) {
        require(response.getCode());
        client.close(CloseMode.IMMEDIATE);
      }
    }
  }

  private HttpPost request(Webhook webhook, Delivery delivery, URI uri) {
    Instant now = clock.instant();
    var post = new HttpPost(uri);
    post.setEntity(new StringEntity(delivery.body(), ContentType.APPLICATION_JSON));
    post.setHeader("User-Agent", agent);
    post.setHeader("webhook-id", delivery.id());
    post.setHeader("webhook-timestamp", now.getEpochSecond());
    post.setHeader("webhook-signature", Signature.of(webhook, delivery, now));
    return post;
  }

  private CloseableHttpClient client(List<InetAddress> addresses) {
    return HttpClients.custom()
        .setConnectionManager(
            PoolingHttpClientConnectionManagerBuilder.create()
                .setDnsResolver(new Known(addresses))
                .setTlsSocketStrategy(Tls.STRATEGY)
                .setDefaultConnectionConfig(
                    ConnectionConfig.custom()
                        .setConnectTimeout(CONNECT.toMillis(), TimeUnit.MILLISECONDS)
                        .setSocketTimeout((int) LONGEST.toMillis(), TimeUnit.MILLISECONDS)
                        .build())
                .build())
        .setDefaultRequestConfig(
            RequestConfig.custom()
                .setResponseTimeout(LONGEST.toMillis(), TimeUnit.MILLISECONDS)
                .build())
        .disableRedirectHandling()
        .disableAutomaticRetries()
        .disableCookieManagement()
        .disableAuthCaching()
        .build();
  }

  private static void require(int status) throws IOException {
    if (status >= REDIRECT && status < BAD) {
      throw new IOException("It answered %d; redirects aren't followed".formatted(status));
    }
    if (status >= BAD) {
      throw new IOException("It answered %d".formatted(status));
    }
  }

  /** One for all, and only where it is needed: it reads the certificates that Java trusts. */
  private static final class Tls {
    static final TlsSocketStrategy STRATEGY = DefaultClientTlsStrategy.createDefault();

    private Tls() {}
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
