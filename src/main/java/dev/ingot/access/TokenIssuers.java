package dev.ingot.access;

import com.nimbusds.jwt.JWTParser;
import dev.ingot.fault.StartupFailure;
import java.text.ParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.stereotype.Component;

/** Those whose tokens are taken. */
@Component
class TokenIssuers {

  private final Map<String, TokenIssuer> byName = new LinkedHashMap<>();

  /**
   * @throws StartupFailure when a setting can't be used
   */
  TokenIssuers(AccessSettings settings) {
    settings.issuers().forEach(one -> byName.put(one.issuer(), new TokenIssuer(one)));
  }

  /**
   * Whose token it is.
   *
   * @throws OAuth2AuthenticationException when it isn't to be trusted
   * @throws JwtException when its issuer can't be asked
   */
  Caller caller(String token) {
    return issuer(token)
        .map(byName::get)
        .orElseThrow(() ->
            new InvalidBearerTokenException("The token is none of a key or issuer known here"))
        .caller(token);
  }

  /** What it says, which nothing has proved yet. */
  private static Optional<String> issuer(String token) {
    try {
      return Optional.ofNullable(JWTParser.parse(token).getJWTClaimsSet())
          .map(claims -> claims.getIssuer());
    } catch (ParseException notOne) {
      return Optional.empty();
    }
  }
}
