package dev.ingot.api;

import dev.ingot.access.AuditLog;
import dev.ingot.access.Caller;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Has each request put on record once its answer is out, whoever refused it. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class AuditFilter extends OncePerRequestFilter {

  /** Of a request: the code of the problem that it is answered with. */
  static final String CODE = AuditFilter.class.getName();

  private final AuditLog log;
  private final Clock clock;

  AuditFilter(AuditLog log, Clock clock) {
    this.log = log;
    this.clock = clock;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return !request.getRequestURI().startsWith("/api/");
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    Instant begun = clock.instant();
    try {
      chain.doFilter(request, response);
    } finally {
      AtEnd.of(request, () -> add(begun, request, response));
    }
  }

  private void add(Instant begun, HttpServletRequest request, HttpServletResponse response) {
    Caller caller = AccessInterceptor.caller(request);
    log.add(
        new AuditLog.Entry(
            begun,
            caller.id(),
            caller.name(),
            request.getMethod(),
            request.getRequestURI(),
            response.getStatus(),
            text(request.getAttribute(CODE)),
            response.getHeader(HttpHeaders.LOCATION),
            Duration.between(begun, clock.instant()).toMillis(),
            request.getRemoteAddr()));
  }

  private static @Nullable String text(@Nullable Object value) {
    return value == null ? null : value.toString();
  }
}
