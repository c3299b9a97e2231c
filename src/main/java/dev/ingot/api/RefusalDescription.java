package dev.ingot.api;

import dev.ingot.api.Allowed.Rule;
import dev.ingot.fault.FaultCode;
import io.swagger.v3.oas.models.Operation;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.method.HandlerMethod;

/** Says in the API's description which errors an operation has: statuses, and the codes of each. */
@Component
class RefusalDescription implements OperationCustomizer {

  /** In the API's description: the codes that each status comes with. */
  static final String CODES = "x-codes";

  /** What any request may be answered with. */
  private static final Set<FaultCode> ALWAYS =
      EnumSet.of(
          FaultCode.BAD_REQUEST, FaultCode.FORBIDDEN, FaultCode.NOT_ACCEPTABLE, FaultCode.INTERNAL);

  private static final Set<FaultCode> OF_CALLERS =
      EnumSet.of(
          FaultCode.UNAUTHENTICATED, FaultCode.TOO_MANY_REQUESTS, FaultCode.ISSUER_UNAVAILABLE);

  private static final Set<FaultCode> OF_BODIES =
      EnumSet.of(
          FaultCode.UNKNOWN_FIELD, FaultCode.REQUEST_TOO_LARGE, FaultCode.UNSUPPORTED_MEDIA_TYPE);

  private static final Set<FaultCode> OF_KEYS =
      EnumSet.of(FaultCode.IDEMPOTENCY_IN_WORK, FaultCode.IDEMPOTENCY_KEY_REUSED);

  private static final Map<String, Set<FaultCode>> OF_PATHS =
      Map.of(
          "projectName",
          EnumSet.of(
              FaultCode.INVALID_NAME, FaultCode.PROJECT_NOT_FOUND, FaultCode.CATALOG_UNAVAILABLE),
          "packageName",
          EnumSet.of(FaultCode.PACKAGE_NOT_FOUND),
          "connectionName",
          EnumSet.of(FaultCode.CONNECTION_NOT_FOUND),
          "tablePath",
          EnumSet.of(FaultCode.TABLE_NOT_FOUND));

  @Override
  public Operation customize(Operation operation, HandlerMethod handler) {
    var words = new TreeMap<String, String>();
    codes(handler)
        .forEach(code ->
            words.merge(
                String.valueOf(code.status()), code.word(), (one, next) -> one + ", " + next));
    operation.addExtension(CODES, words);
    return operation;
  }

  private static Set<FaultCode> codes(HandlerMethod handler) {
    var codes = EnumSet.copyOf(ALWAYS);
    if (AccessInterceptor.rule(handler) != Rule.EVERYBODY) {
      codes.addAll(OF_CALLERS);
    }
    for (MethodParameter parameter : handler.getMethodParameters()) {
      if (parameter.hasParameterAnnotation(RequestBody.class)) {
        codes.addAll(OF_BODIES);
      }
      if (parameter.hasParameterAnnotation(PathVariable.class)) {
        codes.addAll(OF_PATHS.getOrDefault(parameter.getParameter().getName(), Set.of()));
      }
    }
    if (handler.hasMethodAnnotation(Idempotent.class)) {
      codes.addAll(OF_KEYS);
    }
    if (isChange(handler)) {
      codes.add(FaultCode.STORAGE_FULL);
    }
    Refused more = handler.getMethodAnnotation(Refused.class);
    if (more != null) {
      codes.addAll(Arrays.asList(more.value()));
      for (Refused.Work work : more.work()) {
        codes.addAll(codes(work));
      }
    }
    return codes;
  }

  private static Set<FaultCode> codes(Refused.Work work) {
    return switch (work) {
      case CHANGES ->
          EnumSet.of(
              FaultCode.FROZEN,
              FaultCode.READ_ONLY,
              FaultCode.NOT_SUPPORTED,
              FaultCode.PACKAGE_BUSY);
      case REACHES ->
          EnumSet.of(
              FaultCode.CATALOG_UNAVAILABLE,
              FaultCode.CONNECTION_FAILED,
              FaultCode.EXTENSION_UNAVAILABLE,
              FaultCode.STORAGE_REFUSED,
              FaultCode.STORAGE_FULL);
      case LOADS ->
          EnumSet.of(
              FaultCode.INVALID_LOCATION,
              FaultCode.INVALID_PACKAGE,
              FaultCode.PACKAGE_BUSY,
              FaultCode.PACKAGE_STUCK,
              FaultCode.COMPILER_UNAVAILABLE,
              FaultCode.COMPILER_FAILED,
              FaultCode.TOO_COMPLEX,
              FaultCode.REQUEST_TOO_LARGE,
              FaultCode.MODEL_INVALID,
              FaultCode.QUERY_FAILED,
              FaultCode.CANCELLED,
              FaultCode.TIMEOUT);
      case COMPILES ->
          EnumSet.of(
              FaultCode.MODEL_NOT_FOUND,
              FaultCode.QUERY_INVALID,
              FaultCode.GIVEN_INVALID,
              FaultCode.GIVEN_BOUND,
              FaultCode.CLAIM_MISSING,
              FaultCode.ACCESS_DENIED,
              FaultCode.AUTHORIZE_NOT_ENFORCED,
              FaultCode.FILTER_REQUIRED);
      case ANSWERS ->
          EnumSet.of(
              FaultCode.QUERY_NOT_FOUND,
              FaultCode.NOT_SUPPORTED,
              FaultCode.STRICT_MISS,
              FaultCode.RESULT_TOO_LARGE,
              FaultCode.CONNECTION_NOT_FOUND);
    };
  }

  private static boolean isChange(HandlerMethod handler) {
    RequestMapping mapping =
        AnnotatedElementUtils.findMergedAnnotation(handler.getMethod(), RequestMapping.class);
    return mapping != null && !List.of(mapping.method()).contains(RequestMethod.GET);
  }
}
