package dev.ingot.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Refuses query parameters that have no name, no value or no valid encoding. Tomcat would fail on
 * the first of them that anybody reads, and Spring would take an empty value for none.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 5)
class ParameterFilter extends OncePerRequestFilter {

  private final HandlerExceptionResolver faults;

  ParameterFilter(@Qualifier("handlerExceptionResolver") HandlerExceptionResolver faults) {
    this.faults = faults;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return request.getQueryString() == null || !request.getRequestURI().startsWith("/api/");
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    try {
      for (String parameter : request.getQueryString().split("&", -1)) {
        check(parameter);
      }
    } catch (Fault fault) {
      faults.resolveException(request, response, null, fault);
      return;
    }
    chain.doFilter(request, response);
  }

  private static void check(String parameter) {
    String[] parts = parameter.split("=", 2);
    String name = decode(parts[0], parts[0]);
    if (parameter.isEmpty()) {
      return;
    }
    if (name.isEmpty()) {
      throw bad("A query parameter has no name: '%s'. Write ?name=value".formatted(parameter));
    }
    if (parts.length < 2 || decode(parts[1], name).isEmpty()) {
      throw bad("Parameter '%s' has no value: give it one, or leave it out".formatted(name));
    }
  }

  private static String decode(String text, String name) {
    try {
      // By bytes, as URLDecoder passes over those that aren't UTF-8.
      byte[] bytes = URLDecoder.decode(text, ISO_8859_1).getBytes(ISO_8859_1);
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (IllegalArgumentException | CharacterCodingException e) {
      throw new Fault(
          FaultCode.BAD_REQUEST,
          "Parameter '%s' is not UTF-8 written in percent signs".formatted(name),
          e);
    }
  }

  private static Fault bad(String message) {
    return new Fault(FaultCode.BAD_REQUEST, message);
  }
}
