package dev.ingot.access;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;

/** Who sent a request. */
@Component
public class Callers {

  private static final Pattern OWN =
      Pattern.compile("(?i)(.+\\.)?localhost|127(\\.\\d{1,3}){3}|\\[?::1]?|\\[0(:0){6}:1]");

  private final Access access;

  Callers(Access access) {
    this.access = access;
  }

  /** Empty for who would be refused. */
  public Optional<Caller> find(HttpServletRequest request) {
    if (SecurityContextHolder.getContext().getAuthentication()
        instanceof CallerAuthentication known) {
      return Optional.of(known.caller());
    }
    return access.isAsked() || !isOwn(request) ? Optional.empty() : Optional.of(Caller.LOCAL);
  }

  private static boolean isOwn(HttpServletRequest request) {
    return isOwn(request.getServerName());
  }

  /** Whether it is a name of this machine that no other machine can have. */
  static boolean isOwn(String host) {
    return OWN.matcher(host).matches();
  }

  /**
   * @throws Fault UNAUTHENTICATED; FORBIDDEN for who came by another name to a server that asks
   *     nobody who they are: a page in a browser can have its own name lead to this machine
   */
  public Caller of(HttpServletRequest request) {
    return find(request).orElseThrow(() -> refusal(request));
  }

  private Fault refusal(HttpServletRequest request) {
    return access.isAsked()
        ? new Fault(
            FaultCode.UNAUTHENTICATED,
            "Say who asks: send a key or token as 'Authorization: Bearer …'")
        : new Fault(
            FaultCode.FORBIDDEN,
            "Without ingot.access this server answers to this machine's own names only, such as localhost; you asked for '%s'"
                .formatted(request.getServerName()));
  }
}
