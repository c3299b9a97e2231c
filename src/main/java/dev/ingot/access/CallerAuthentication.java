package dev.ingot.access;

import java.util.List;
import org.springframework.security.authentication.AbstractAuthenticationToken;

/** A {@link Caller} in the form in which Spring Security hands one on. */
final class CallerAuthentication extends AbstractAuthenticationToken {

  private final transient Caller caller;

  CallerAuthentication(Caller caller) {
    super(List.of());
    this.caller = caller;
    setAuthenticated(true);
  }

  Caller caller() {
    return caller;
  }

  @Override
  public Object getPrincipal() {
    return caller;
  }

  /** They were looked at, and aren't kept. */
  @Override
  public String getCredentials() {
    return "";
  }
}
