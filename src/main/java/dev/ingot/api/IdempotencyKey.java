package dev.ingot.api;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.project.Sha256;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A request's {@code Idempotency-Key}.
 *
 * @param scope a hash of the key and of who sent it: others may have the same
 * @param fingerprint a hash of all else that is asked for: method, path, parameters and body
 */
record IdempotencyKey(String scope, String fingerprint) {

  static final String HEADER = "Idempotency-Key";

  private static final Pattern KEY = Pattern.compile("[\\x20-\\x7E]{1,255}");

  /**
   * Empty when the request has none.
   *
   * @throws Fault BAD_REQUEST
   */
  static Optional<IdempotencyKey> of(HttpServletRequest request, byte[] body) {
    List<String> keys = Collections.list(request.getHeaders(HEADER));
    if (keys.isEmpty()) {
      return Optional.empty();
    }
    if (keys.size() > 1 || !KEY.matcher(keys.getFirst()).matches()) {
      throw new Fault(
          FaultCode.BAD_REQUEST,
          "%s must be one key of 1 to 255 printable ASCII characters".formatted(HEADER));
    }
    var scope = new Sha256();
    scope.add(AccessInterceptor.caller(request).id(), keys.getFirst());
    var fingerprint = new Sha256();
    fingerprint.add(
        request.getMethod(),
        request.getRequestURI(),
        Objects.toString(request.getQueryString(), ""),
        Base64.getEncoder().encodeToString(body));
    return Optional.of(new IdempotencyKey(scope.hex(), fingerprint.hex()));
  }
}
