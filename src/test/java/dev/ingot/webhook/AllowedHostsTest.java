package dev.ingot.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.fault.Fault;
import dev.ingot.fault.StartupFailure;
import dev.ingot.project.Webhook;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedHostsTest {

  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  private final AllowedHosts hosts =
      hosts("Hooks.Example.com", "*.inner.test", "10.1.0.0/16", "::1", "203.0.113.7", "localhost");

  private static AllowedHosts hosts(String... all) {
    return new AllowedHosts(
        new WebhookSettings(List.of(all), Duration.ofSeconds(5), Duration.ofDays(3)));
  }

  private static Webhook webhook(String url) {
    return new Webhook(url, SECRET, Webhook.ENDS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://hooks.example.com/x",
        "https://HOOKS.example.com:8443",
        "https://a.inner.test",
        "https://a.b.inner.test/?q=1",
        "http://10.1.255.1:8080/x",
        "https://[::1]/x",
        "https://203.0.113.7",
      })
  void theseMayBeTold(String url) {
    hosts.require(webhook(url));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://example.com",
        "https://evil-hooks.example.com",
        "https://hooks.example.com.evil.test",
        "https://inner.test",
        "https://xinner.test",
        "https://10.2.0.1",
        "https://167837953",
        "https://0x0a010001",
        "https://012.1.0.1",
        "https://[::2]",
        "https://[::ffff:10.2.0.1]",
        "https://203.0.113.8",
        "https://169.254.169.254/latest",
      })
  void theseMayNot(String url) {
    assertThatThrownBy(() -> hosts.require(webhook(url)))
        .isInstanceOf(Fault.class)
        .hasMessageContaining("ingot.webhooks.allowed-hosts");
  }

  @Test
  void nobodyMayBeToldWhereNothingIsSaid() {
    assertThatThrownBy(() -> hosts().require(webhook("https://hooks.example.com")))
        .isInstanceOf(Fault.class);
  }

  @Test
  void whatIsPlainIsForAddressesThatAreNamed() {
    assertThatThrownBy(
            () -> hosts("hooks.example.com").require(webhook("http://hooks.example.com")))
        .isInstanceOf(Fault.class)
        .hasMessageContaining("https://");
  }

  @Test
  void aNameThatLeadsToAPrivateAddressIsNotReachedUnlessThatIsNamed() throws IOException {
    assertThatThrownBy(() -> hosts("localhost").addresses(URI.create("https://localhost:1/x")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("'localhost' has no address");
    assertThat(hosts("localhost", "127.0.0.0/8").addresses(URI.create("http://localhost:1/x")))
        .containsExactly(InetAddress.ofLiteral("127.0.0.1"));
  }

  @Test
  void aHostThatIsAllowedNoMoreIsNotReached() {
    assertThatThrownBy(() -> hosts.addresses(URI.create("https://10.2.0.1/x")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no allowed host any more");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "https://hooks.example.com",
        "a b",
        "10.0.0.0/64",
        "*",
        "1.2.3",
        "1.2.3.4.5",
        "256.1.1.1",
        "*.*.x"
      })
  void whatIsNoHostIsSaidAtTheStart(String host) {
    assertThatThrownBy(() -> hosts(host))
        .isInstanceOf(StartupFailure.class)
        .hasMessageContaining("'" + host + "'");
  }
}
