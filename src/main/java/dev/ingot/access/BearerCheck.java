package dev.ingot.access;

import java.util.Optional;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.stereotype.Component;

/** Whose key or token it is that a request brings. */
@Component
class BearerCheck implements AuthenticationManager {

  private final Access access;
  private final AdminKey adminKey;
  private final ApiKeys keys;
  private final TokenIssuers issuers;

  BearerCheck(Access access, AdminKey adminKey, ApiKeys keys, TokenIssuers issuers) {
    this.access = access;
    this.adminKey = adminKey;
    this.keys = keys;
    this.issuers = issuers;
  }

  @Override
  public Authentication authenticate(Authentication given) {
    if (!access.isAsked()) {
      return new CallerAuthentication(Caller.LOCAL);
    }
    String text = ((BearerTokenAuthenticationToken) given).getToken();
    try {
      return new CallerAuthentication(adminKey.caller(text).orElseGet(() -> caller(text)));
    } catch (JwtException e) {
      throw new AuthenticationServiceException(
          "The token's issuer can't be asked for its keys now", e);
    }
  }

  private Caller caller(String text) {
    Optional<KeyText> key = KeyText.of(text);
    return key.isEmpty()
        ? issuers.caller(text)
        : keys.caller(key.get())
            .orElseThrow(
                () -> new InvalidBearerTokenException("The key is unknown, expired or revoked"));
  }
}
