package dev.ingot.access;

import dev.ingot.fault.Fault;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.env.Environment;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Answers on the port for operators to those alone who may read all projects, as what is told there
 * names them.
 */
final class OperatorsGuard extends OncePerRequestFilter {

  private final Callers callers;
  private final HandlerExceptionResolver faults;
  private final Environment environment;

  /** Negative until it is known; asking the settings takes a while, and each request comes by. */
  private volatile int port = -1;

  OperatorsGuard(Callers callers, HandlerExceptionResolver faults, Environment environment) {
    this.callers = callers;
    this.faults = faults;
    this.environment = environment;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    if (port < 0) {
      port = environment.getProperty("local.management.port", Integer.class, -1);
    }
    return request.getLocalPort() != port;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain rest)
      throws ServletException, IOException {
    try {
      callers.of(request).requireEverywhere(Role.READ);
    } catch (Fault refused) {
      faults.resolveException(request, response, null, refused);
      return;
    }
    rest.doFilter(request, response);
  }
}
