package dev.ingot.api;

import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.parameters.Parameter;
import java.util.Objects;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;

/** Says in the API's description which requests may wait. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class WaitDescription implements OperationCustomizer {

  private static final String DESCRIPTION =
      "wait=<seconds> (RFC 7240) waits for the end of the build, or that long";

  @Override
  public Operation customize(Operation operation, HandlerMethod handler) {
    Waits waits = handler.getMethodAnnotation(Waits.class);
    if (waits == null) {
      return operation;
    }
    Objects.requireNonNull(operation.getResponses().get(waits.status()), waits.status())
        .addHeaderObject(
            Preferences.APPLIED,
            new Header().style(Header.StyleEnum.SIMPLE).schema(TextSchema.of(null)));
    return operation.addParametersItem(
        new Parameter()
            .in("header")
            .name(Preferences.HEADER)
            .description((waits.when() + " " + DESCRIPTION).strip())
            .schema(TextSchema.of(null))
            .example("wait=30"));
  }
}
