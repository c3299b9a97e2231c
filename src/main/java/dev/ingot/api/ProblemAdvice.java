package dev.ingot.api;

import dev.ingot.api.Resources.ProblemBody;
import dev.ingot.engine.Engine;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.fault.Problem;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;

/** Every error as {@code application/problem+json} (RFC 9457) with a stable code. */
@RestControllerAdvice
class ProblemAdvice {

  private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);

  @ExceptionHandler(Fault.class)
  ResponseEntity<ProblemBody> fault(Fault fault, HttpServletRequest request) {
    if (fault.code().status() >= 500) {
      log.warn("{} {}: {}", request.getMethod(), request.getRequestURI(), fault.detail(), fault);
    }
    var headers = new HttpHeaders();
    RetryAfter.seconds(fault)
        .ifPresent(seconds -> headers.set(HttpHeaders.RETRY_AFTER, String.valueOf(seconds)));
    return body(fault.code(), fault.detail(), fault.problems(), request, headers);
  }

  @ExceptionHandler(Engine.ClosedException.class)
  ResponseEntity<ProblemBody> moved(Engine.ClosedException e, HttpServletRequest request) {
    String detail = "The package was moved or removed while this was asked; ask again";
    return body(FaultCode.PACKAGE_BUSY, detail, List.of(), request);
  }

  @ExceptionHandler(HttpMessageNotReadableException.class)
  ResponseEntity<ProblemBody> unreadable(
      HttpMessageNotReadableException e, HttpServletRequest request) {
    return fault(UnreadableBody.explain(e), request);
  }

  @ExceptionHandler(MethodArgumentTypeMismatchException.class)
  ResponseEntity<ProblemBody> wrongType(
      MethodArgumentTypeMismatchException e, HttpServletRequest request) {
    Class<?> type = e.getRequiredType();
    String wanted;
    if (type != null && type.isEnum()) {
      wanted = "one of " + List.of(type.getEnumConstants());
    } else {
      wanted = type == null ? "another type" : "a " + type.getSimpleName().toLowerCase(Locale.ROOT);
    }
    String message =
        "Parameter '%s' must be %s, not '%s'".formatted(e.getName(), wanted, e.getValue());
    return body(FaultCode.BAD_REQUEST, message, List.of(), request);
  }

  @ExceptionHandler(HttpRequestMethodNotSupportedException.class)
  ResponseEntity<ProblemBody> wrongMethod(
      HttpRequestMethodNotSupportedException e, HttpServletRequest request) {
    var allowed = new TreeSet<HttpMethod>(Comparator.comparing(HttpMethod::name));
    allowed.add(HttpMethod.OPTIONS);
    if (e.getSupportedHttpMethods() != null) {
      allowed.addAll(e.getSupportedHttpMethods());
    }
    if (allowed.contains(HttpMethod.GET)) {
      allowed.add(HttpMethod.HEAD);
    }
    String names = allowed.stream().map(HttpMethod::name).collect(Collectors.joining(", "));
    String detail = "%s is not possible here; these are: %s".formatted(e.getMethod(), names);
    var headers = new HttpHeaders();
    headers.set(HttpHeaders.ALLOW, names);
    return body(FaultCode.METHOD_NOT_ALLOWED, detail, List.of(), request, headers);
  }

  @ExceptionHandler(HttpMediaTypeNotSupportedException.class)
  ResponseEntity<ProblemBody> wrongContent(
      HttpMediaTypeNotSupportedException e, HttpServletRequest request) {
    String detail =
        "Content-Type %s is not read here: send application/json"
            .formatted(e.getContentType() == null ? "(none)" : e.getContentType());
    return body(FaultCode.UNSUPPORTED_MEDIA_TYPE, detail, List.of(), request);
  }

  /** A body that is no form, although it says that it is one: parameters are looked for in it. */
  @ExceptionHandler(InvalidParameterException.class)
  ResponseEntity<ProblemBody> unreadableForm(
      InvalidParameterException e, HttpServletRequest request) {
    log.debug("{} {} has no readable form", request.getMethod(), request.getRequestURI(), e);
    return body(
        FaultCode.BAD_REQUEST,
        "The body can't be read as the form that its Content-Type says: send application/json",
        List.of(),
        request);
  }

  /** What Spring itself refuses knows its status. */
  @ExceptionHandler(Exception.class)
  ResponseEntity<ProblemBody> other(Exception e, HttpServletRequest request) {
    if (e instanceof ErrorResponse known) {
      String detail = known.getBody().getDetail();
      return body(
          code(known.getStatusCode().value()),
          detail == null ? String.valueOf(e.getMessage()) : detail,
          List.of(),
          request);
    }
    log.error("{} {} failed", request.getMethod(), request.getRequestURI(), e);
    return body(
        FaultCode.INTERNAL, "Something went wrong here; the log says what", List.of(), request);
  }

  static FaultCode code(int status) {
    return switch (status) {
      case 404 -> FaultCode.NOT_FOUND;
      case 405 -> FaultCode.METHOD_NOT_ALLOWED;
      case 406 -> FaultCode.NOT_ACCEPTABLE;
      case 413 -> FaultCode.REQUEST_TOO_LARGE;
      case 415 -> FaultCode.UNSUPPORTED_MEDIA_TYPE;
      default -> status < 500 ? FaultCode.BAD_REQUEST : FaultCode.INTERNAL;
    };
  }

  private static ResponseEntity<ProblemBody> body(
      FaultCode code, String detail, List<Problem> problems, HttpServletRequest request) {
    return body(code, detail, problems, request, new HttpHeaders());
  }

  private static ResponseEntity<ProblemBody> body(
      FaultCode code,
      String detail,
      List<Problem> problems,
      HttpServletRequest request,
      HttpHeaders headers) {
    request.setAttribute(AuditFilter.CODE, code.word());
    if (!headers.containsHeader(HttpHeaders.RETRY_AFTER)) {
      RetryAfter.seconds(code)
          .ifPresent(seconds -> headers.set(HttpHeaders.RETRY_AFTER, String.valueOf(seconds)));
    }
    if (code == FaultCode.UNAUTHENTICATED) {
      headers.set(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
    }
    return ResponseEntity.status(code.status())
        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
        .headers(headers)
        .body(problem(code, detail, problems, request.getRequestURI()));
  }

  static ProblemBody problem(
      FaultCode code, String detail, List<Problem> problems, String instance) {
    HttpStatus known = HttpStatus.resolve(code.status());
    return new ProblemBody(
        "about:blank",
        known == null ? code.word() : known.getReasonPhrase(),
        code.status(),
        detail,
        instance,
        code.word(),
        detail,
        problems);
  }
}
