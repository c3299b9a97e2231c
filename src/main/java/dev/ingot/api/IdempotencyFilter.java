package dev.ingot.api;

import dev.ingot.idempotency.Begun;
import dev.ingot.idempotency.Idempotency;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.WebUtils;

/**
 * Around a request that has a key: lets its body be read twice and its answer be kept before it is
 * sent. What becomes of it is decided by {@link IdempotencyInterceptor}, which knows the handler.
 */
@Component
@Order(Ordered.LOWEST_PRECEDENCE)
class IdempotencyFilter extends OncePerRequestFilter {

  private final Idempotency idempotency;

  IdempotencyFilter(Idempotency idempotency) {
    this.idempotency = idempotency;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return !request.getMethod().equals(HttpMethod.POST.name())
        || request.getHeader(IdempotencyKey.HEADER) == null;
  }

  /** The answer of one that waited is written then. */
  @Override
  protected boolean shouldNotFilterAsyncDispatch() {
    return false;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    KeptResponse kept = WebUtils.getNativeResponse(response, KeptResponse.class);
    if (kept == null) {
      kept = new KeptResponse(response);
      response = kept;
    }
    try {
      chain.doFilter(isAsyncDispatch(request) ? request : ReadRequest.whole(request), response);
    } finally {
      if (request.getAttribute(IdempotencyInterceptor.MINE) instanceof Begun.Mine mine) {
        AtEnd.of(request, () -> idempotency.ended(mine));
      }
    }
    if (!isAsyncStarted(request)) {
      kept.copyBodyToResponse();
    }
  }
}
