package dev.ingot.access;

import dev.ingot.access.AccessSettings.IssuerSettings;
import dev.ingot.fault.StartupFailure;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** The issuers that people can sign in with in the console. */
@Component
public class SignIns {

  private final List<SignIn> all;

  /**
   * One of them, and what the console says to it. Nothing of it is secret.
   *
   * @param origin of its pages, such as {@code https://login.example}
   * @param audience that a token has to have
   */
  public record SignIn(
      String issuer,
      String origin,
      String audience,
      String clientId,
      List<String> scopes,
      Map<String, String> parameters) {

    public SignIn {
      scopes = List.copyOf(scopes);
      parameters = Map.copyOf(parameters);
    }
  }

  /**
   * @throws StartupFailure when a setting can't be used
   */
  SignIns(AccessSettings settings) {
    all =
        settings.issuers().stream()
            .filter(one -> !one.console().clientId().isBlank())
            .map(SignIns::signIn)
            .toList();
  }

  /** In the settings' order. */
  public List<SignIn> all() {
    return all;
  }

  private static SignIn signIn(IssuerSettings settings) {
    var console = settings.console();
    return new SignIn(
        settings.issuer(),
        origin(settings.issuer()),
        settings.audience(),
        console.clientId(),
        console.scopes(),
        console.parameters());
  }

  /** The pages' policy names it, so it has to be an origin and nothing else. */
  private static String origin(String issuer) {
    try {
      URI place = new URI(issuer);
      String host = place.getHost();
      String scheme = place.getScheme();
      if (host != null
          && ("https".equals(scheme) || ("http".equals(scheme) && Callers.isOwn(host)))) {
        return new URI(scheme, null, host, place.getPort(), null, null, null).toString();
      }
    } catch (URISyntaxException notOne) {
      throw refuse(issuer);
    }
    throw refuse(issuer);
  }

  private static StartupFailure refuse(String issuer) {
    return new StartupFailure(
        "Nobody can sign in with the issuer %s in a browser: it has to be an https:// URL"
            .formatted(issuer),
        "Mend ingot.access.issuers, or leave its console.client-id out");
  }
}
