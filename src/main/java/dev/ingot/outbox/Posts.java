package dev.ingot.outbox;

import dev.ingot.project.WorkerIdentity;
import dev.ingot.threads.Tasks;
import java.io.IOException;
import java.time.Duration;
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
import org.apache.hc.core5.io.CloseMode;
import org.springframework.stereotype.Component;

/** Sends a request to where it is for, and no further than that. */
@Component
public class Posts {

  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final int REDIRECT = 300;
  private static final int BAD = 400;

  private final Tasks tasks;
  private final String agent;

  Posts(WorkerIdentity worker, Tasks tasks) {
    this.tasks = tasks;
    agent = "Ingot/" + worker.version();
  }

  /** What was sent wasn't taken. */
  public static final class Refused extends IOException {
    private final int status;

    Refused(int status) {
      super(
          status < BAD
              ? "It answered %d; redirects aren't followed".formatted(status)
              : "It answered %d".formatted(status));
      this.status = status;
    }

    public int status() {
      return status;
    }
  }

  /**
   * @param where leads to the addresses of its host
   * @param longest of who sends its answer a byte at a time
   * @throws Refused when the answer isn't 2xx
   * @throws IOException when there is none
   */
  public void send(HttpPost post, DnsResolver where, Duration longest) throws IOException {
    post.setHeader("User-Agent", agent);
    try (CloseableHttpClient client = client(where, longest)) {
      tasks.startAfter(longest, "post-end", () -> client.close(CloseMode.IMMEDIATE));
      // What it says is never read: only whether it has taken it.
      try (ClassicHttpResponse response = client.executeOpen(null, post, null)) {
        if (response.getCode() >= REDIRECT) {
          throw new Refused(response.getCode());
        }
        client.close(CloseMode.IMMEDIATE);
      }
    }
  }

  private static CloseableHttpClient client(DnsResolver where, Duration longest) {
    Duration connect = longest.compareTo(CONNECT) < 0 ? longest : CONNECT;
    return HttpClients.custom()
        .setConnectionManager(
            PoolingHttpClientConnectionManagerBuilder.create()
                .setDnsResolver(where)
                .setTlsSocketStrategy(Tls.STRATEGY)
                .setDefaultConnectionConfig(
                    ConnectionConfig.custom()
                        .setConnectTimeout(connect.toMillis(), TimeUnit.MILLISECONDS)
                        .setSocketTimeout((int) longest.toMillis(), TimeUnit.MILLISECONDS)
                        .build())
                .build())
        .setDefaultRequestConfig(
            RequestConfig.custom()
                .setResponseTimeout(longest.toMillis(), TimeUnit.MILLISECONDS)
                .build())
        .disableRedirectHandling()
        .disableAutomaticRetries()
        .disableCookieManagement()
        .disableAuthCaching()
        .build();
  }

  /** One for all, and only where it is needed: it reads the certificates that Java trusts. */
  private static final class Tls {
    static final TlsSocketStrategy STRATEGY = DefaultClientTlsStrategy.createDefault();

    private Tls() {}
  }
}
