package dev.ingot.api;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/** Refuses bodies over the limit before they are parsed, whether they say their length or not. */
@Component
@Order(Ordered.LOWEST_PRECEDENCE - 10)
class RequestSizeFilter extends OncePerRequestFilter {

  private final long maxBytes;
  private final HandlerExceptionResolver faults;

  RequestSizeFilter(
      @Value("${ingot.max-request-size:2MB}") DataSize maxSize,
      @Qualifier("handlerExceptionResolver") HandlerExceptionResolver faults) {
    maxBytes = maxSize.toBytes();
    this.faults = faults;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (request.getContentLengthLong() > maxBytes) {
      refuse(request, response);
      return;
    }
    boolean unknownLength =
        request.getContentLengthLong() < 0 && request.getHeader("Transfer-Encoding") != null;
    if (!unknownLength) {
      chain.doFilter(request, response);
      return;
    }
    byte[] body = request.getInputStream().readNBytes((int) maxBytes + 1);
    if (body.length > maxBytes) {
      refuse(request, response);
    } else {
      chain.doFilter(new ReadRequest(request, body), response);
    }
  }

  private void refuse(HttpServletRequest request, HttpServletResponse response) {
    Fault fault =
        new Fault(
            FaultCode.REQUEST_TOO_LARGE,
            "The request's body is over %d bytes (ingot.max-request-size)".formatted(maxBytes));
    faults.resolveException(request, response, null, fault);
  }
}
