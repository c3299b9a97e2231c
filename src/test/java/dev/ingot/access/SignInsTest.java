package dev.ingot.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.access.AccessSettings.ConsoleSettings;
import dev.ingot.access.AccessSettings.IssuerSettings;
import dev.ingot.fault.StartupFailure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignInsTest {

  private static SignIns of(String... issuers) {
    return new SignIns(
        new AccessSettings(
            null,
            null,
            Stream.of(issuers).map(issuer -> issuer(issuer, "console")).toList(),
            List.of(),
            0,
            0,
            "off"));
  }

  private static IssuerSettings issuer(String issuer, String clientId) {
    return new IssuerSettings(
        issuer,
        "ingot",
        null,
        List.of("RS256"),
        "sub",
        Duration.ZERO,
        List.of(),
        new ConsoleSettings(clientId, List.of("openid"), Map.of()));
  }

  @ParameterizedTest
  @CsvSource({
    "https://login.example, https://login.example",
    "https://login.example:8443/realms/shop, https://login.example:8443",
    "http://localhost:9000, http://localhost:9000",
    "http://[::1]:9000/x, http://[::1]:9000"
  })
  void anIssuersOriginIsWhatThePageMayAsk(String issuer, String origin) {
    assertThat(of(issuer).all().getFirst().origin()).isEqualTo(origin);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://login.example",
        "login.example",
        "https:///path",
        "https://a b",
        "https://a;script-src *",
        "ftp://login.example",
        "javascript:alert(1)"
      })
  void whatIsNoSafeUrlKeepsTheServerFromStarting(String issuer) {
    assertThatThrownBy(() -> of(issuer))
        .isInstanceOf(StartupFailure.class)
        .hasMessageContaining("https://");
  }

  @Test
  void withoutAClientIdNobodySignsInWithAnIssuer() {
    var settings =
        new AccessSettings(
            null, null, List.of(issuer("not even a URL", "")), List.of(), 0, 0, "off");

    assertThat(new SignIns(settings).all()).isEmpty();
  }
}
