package dev.ingot.fault;

import java.util.Locale;

/** Everything that can go wrong and the HTTP status (RFC 9110) it is answered with. */
public enum FaultCode {
  BAD_REQUEST(400),
  UNKNOWN_FIELD(400),
  INVALID_NAME(400),
  INVALID_LOCATION(400),
  INVALID_PACKAGE(400),
  INVALID_STORAGE(400),
  QUERY_INVALID(400),
  NOT_SUPPORTED(400),
  AUTHORIZE_NOT_ENFORCED(403),
  PROJECT_NOT_FOUND(404),
  PACKAGE_NOT_FOUND(404),
  CONNECTION_NOT_FOUND(404),
  MODEL_NOT_FOUND(404),
  QUERY_NOT_FOUND(404),
  MATERIALIZATION_NOT_FOUND(404),
  VERSION_NOT_FOUND(404),
  NOT_FOUND(404),
  METHOD_NOT_ALLOWED(405),
  NOT_ACCEPTABLE(406),
  PROJECT_EXISTS(409),
  PACKAGE_EXISTS(409),
  PACKAGE_BUSY(409),
  ILLEGAL_STATE(409),
  ANOTHER_RUNNING(409),
  ROLLBACK_REFUSED(409),
  STORAGE_REFUSED(409),
  STRICT_MISS(409),
  REQUEST_TOO_LARGE(413),
  RESULT_TOO_LARGE(413),
  UNSUPPORTED_MEDIA_TYPE(415),
  QUERY_FAILED(422),
  TOO_COMPLEX(422),
  MODEL_INVALID(424),
  CANCELLED(499),
  INTERNAL(500),
  CONNECTION_FAILED(502),
  CATALOG_UNAVAILABLE(503),
  EXTENSION_UNAVAILABLE(503),
  COMPILER_UNAVAILABLE(503),
  COMPILER_FAILED(503),
  PACKAGE_STUCK(503),
  TIMEOUT(504),
  /** RFC 4918. */
  STORAGE_FULL(507);

  private final int status;

  FaultCode(int status) {
    this.status = status;
  }

  /** The HTTP status code. */
  public int status() {
    return status;
  }

  /** The stable word that clients see in {@code code}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
