package dev.ingot.api;

import dev.ingot.body.UnfitField;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import org.springframework.http.converter.HttpMessageNotReadableException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.databind.exc.MismatchedInputException;

/** Says what is wrong with a request's body, and where. */
final class UnreadableBody {

  private UnreadableBody() {}

  static Fault explain(HttpMessageNotReadableException e) {
    return e.getCause() instanceof JacksonException cause
        ? UnfitField.explain(cause).orElseGet(() -> fault(whole(cause), e))
        : fault("The request needs a JSON body", e);
  }

  private static String whole(JacksonException e) {
    return switch (e) {
      case MismatchedInputException _ -> "The body must be one JSON object, with nothing after it";
      // The parser's own message repeats what stands there, which may be a secret without quotes.
      case StreamReadException malformed ->
          "The body is not JSON, at line %d, column %d%s"
              .formatted(
                  malformed.getLocation().getLineNr(),
                  malformed.getLocation().getColumnNr(),
                  malformed instanceof UnexpectedEndOfInputException ? ": it ends too early" : "");
      default -> "The request needs a JSON body";
    };
  }

  private static Fault fault(String message, Throwable cause) {
    return new Fault(FaultCode.BAD_REQUEST, message, cause);
  }
}
