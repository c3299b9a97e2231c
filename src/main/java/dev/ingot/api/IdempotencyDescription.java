package dev.ingot.api;

import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;

/** Says in the API's description which requests may have a key. */
@Component
class IdempotencyDescription implements OperationCustomizer {

  /** HTTP takes the spaces at both ends away. */
  private static final String PATTERN = "^[!-~]([ -~]*[!-~])?$";

  private static final String DESCRIPTION =
      "1 to 255 printable ASCII characters. The same key and request again: the first answer, for 24 hours. Another request: 422 idempotency_key_reused. The first is still in work: 409 idempotency_in_work";

  @Override
  public Operation customize(Operation operation, HandlerMethod handler) {
    if (!handler.hasMethodAnnotation(Idempotent.class)) {
      return operation;
    }
    Schema<?> key = TextSchema.of(null);
    key.setMinLength(1);
    key.setMaxLength(255);
    key.setPattern(PATTERN);
    operation.addParametersItem(
        new Parameter()
            .in("header")
            .name(IdempotencyKey.HEADER)
            .description(DESCRIPTION)
            .schema(key));
    ApiResponse created = operation.getResponses().get("201");
    if (created != null) {
      created.addHeaderObject(
          IdempotencyInterceptor.REPLAYED,
          new Header().description("true: it was given before").schema(TextSchema.of(null)));
    }
    return operation;
  }
}
