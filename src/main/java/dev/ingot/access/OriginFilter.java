package dev.ingot.access;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.CorsConfigurationSource;
import org.springframework.web.cors.CorsUtils;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Turns away what a page of another origin makes a browser send. It could not read the answer, but
 * what it asked for would be done.
 */
final class OriginFilter extends OncePerRequestFilter {

  private final CorsConfigurationSource origins;
  private final HandlerExceptionResolver faults;

  OriginFilter(CorsConfigurationSource origins, HandlerExceptionResolver faults) {
    this.origins = origins;
    this.faults = faults;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    CorsConfiguration allowed = origins.getCorsConfiguration(request);
    if (allowed != null
        && CorsUtils.isCorsRequest(request)
        && allowed.checkOrigin(request.getHeader(HttpHeaders.ORIGIN)) == null) {
      faults.resolveException(
          request,
          response,
          null,
          new Fault(
              FaultCode.FORBIDDEN,
              "Pages of another origin may not ask this server; ingot.access.allowed-origins names those that may"));
      return;
    }
    chain.doFilter(request, response);
  }
}
