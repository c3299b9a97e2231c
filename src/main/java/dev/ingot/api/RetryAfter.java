package dev.ingot.api;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import java.util.OptionalInt;

/** When what was refused for now is worth another try; every 429 and 503 says so. */
final class RetryAfter {

  private static final int TOO_MANY = 429;
  private static final int UNAVAILABLE = 503;

  /** For what nobody has thought of yet. */
  private static final int ELSE = 5;

  private static final long SECOND = 1_000_000_000;

  private RetryAfter() {}

  /** In whole seconds, after which it isn't too early. */
  static OptionalInt seconds(Fault fault) {
    return fault
        .retryAfter()
        .map(wait -> OptionalInt.of(Math.toIntExact(wait.plusNanos(SECOND - 1).toSeconds())))
        .orElseGet(() -> seconds(fault.code()));
  }

  /** In seconds. */
  static OptionalInt seconds(FaultCode code) {
    return switch (code) {
      case IDEMPOTENCY_IN_WORK -> OptionalInt.of(1);
      // It restarts at once.
      case COMPILER_FAILED, COMPILER_UNAVAILABLE -> OptionalInt.of(1);
      // One that restarts is back in about that time.
      case CATALOG_UNAVAILABLE -> OptionalInt.of(5);
      // A statement that can't be interrupted has to end.
      case PACKAGE_STUCK -> OptionalInt.of(10);
      // Somebody has to bring it.
      case EXTENSION_UNAVAILABLE -> OptionalInt.of(60);
      default -> seconds(code.status());
    };
  }

  /** The same where only the status is known. */
  static OptionalInt seconds(int status) {
    return status == TOO_MANY || status == UNAVAILABLE ? OptionalInt.of(ELSE) : OptionalInt.empty();
  }
}
