package dev.ingot.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.idempotency.Begun;
import dev.ingot.idempotency.Idempotency;
import dev.ingot.idempotency.KeptAnswer;
import dev.ingot.materialization.NewRun;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.util.WebUtils;

/**
 * Carries out the requests of {@link Idempotent} handlers once for each key. The last of the
 * interceptors: who may not ask is refused before, also what was answered already.
 */
@Component
class IdempotencyInterceptor implements HandlerInterceptor, WebMvcConfigurer {

  /** Has the {@link Begun.Mine} of a request that is carried out. */
  static final String MINE = IdempotencyInterceptor.class.getName();

  static final String REPLAYED = "Idempotency-Replayed";

  private static final List<String> HEADERS =
      List.of(
          HttpHeaders.CONTENT_TYPE, HttpHeaders.LOCATION, HttpHeaders.ETAG, Preferences.APPLIED);

  /** What says nothing of the request itself: the same may be answered otherwise next time. */
  private static final Set<Integer> PASSING = Set.of(401, 403, 408, 425, 429, 499);

  private final Idempotency idempotency;

  IdempotencyInterceptor(Idempotency idempotency) {
    this.idempotency = idempotency;
  }

  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry.addInterceptor(this).order(Ordered.LOWEST_PRECEDENCE);
  }

  /** The id for a run that a request creates. */
  static NewRun newRun(HttpServletRequest request) {
    return request.getAttribute(MINE) instanceof Begun.Mine mine
        ? new NewRun(mine.operation(), mine.again())
        : NewRun.once();
  }

  @Override
  public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
      throws IOException {
    boolean first = request.getDispatcherType() == DispatcherType.REQUEST;
    if (!first
        || !(handler instanceof HandlerMethod method)
        || !method.hasMethodAnnotation(Idempotent.class)) {
      return true;
    }
    ReadRequest read = WebUtils.getNativeRequest(request, ReadRequest.class);
    KeptResponse kept = WebUtils.getNativeResponse(response, KeptResponse.class);
    if (read == null || kept == null) {
      return true;
    }
    Optional<IdempotencyKey> key = IdempotencyKey.of(request, read.body());
    return key.isEmpty() || begin(key.get(), request, kept);
  }

  /** Whether it is to be carried out; else it is answered. */
  private boolean begin(IdempotencyKey key, HttpServletRequest request, KeptResponse response)
      throws IOException {
    return switch (idempotency.begin(key.scope(), key.fingerprint())) {
      case Begun.Mine mine -> {
        request.setAttribute(MINE, mine);
        response.keep();
        yield true;
      }
      case Begun.Answered(KeptAnswer answer) -> {
        write(answer, response);
        yield false;
      }
      case Begun.InWork() ->
          throw new Fault(
              FaultCode.IDEMPOTENCY_IN_WORK,
              "The first request with this %s is still in work: ask again soon"
                  .formatted(IdempotencyKey.HEADER));
      case Begun.Reused() ->
          throw new Fault(
              FaultCode.IDEMPOTENCY_KEY_REUSED,
              "This %s was sent with another path or body: make a new one for each thing that is asked for"
                  .formatted(IdempotencyKey.HEADER));
    };
  }

  private static void write(KeptAnswer answer, HttpServletResponse response) throws IOException {
    response.setStatus(answer.status());
    answer.headers().forEach(response::setHeader);
    response.setHeader(REPLAYED, "true");
    response.getOutputStream().write(answer.body().getBytes(UTF_8));
  }

  /** The answer is whole here, and has not left yet. */
  @Override
  public void afterCompletion(
      HttpServletRequest request,
      HttpServletResponse response,
      Object handler,
      @Nullable Exception failure) {
    KeptResponse kept = WebUtils.getNativeResponse(response, KeptResponse.class);
    if (kept != null
        && failure == null
        && kept.getStatus() < 500
        && !PASSING.contains(kept.getStatus())
        && request.getAttribute(MINE) instanceof Begun.Mine mine) {
      idempotency.answer(mine, answer(kept));
    }
  }

  private static KeptAnswer answer(KeptResponse response) {
    var headers = new HashMap<String, String>();
    for (String name : HEADERS) {
      String value =
          name.equals(HttpHeaders.CONTENT_TYPE)
              ? response.getContentType()
              : response.getHeader(name);
      if (value != null) {
        headers.put(name, Objects.requireNonNull(value));
      }
    }
    return new KeptAnswer(
        response.getStatus(), headers, new String(response.getContentAsByteArray(), UTF_8));
  }
}
