package dev.ingot.api;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** Moments by which builds are filtered. */
final class RunTimes {

  /** What every state can compare with; no build is older or newer. */
  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");

  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

  private RunTimes() {}

  /**
   * @param value null when it isn't given
   * @throws Fault BAD_REQUEST
   */
  static @Nullable Instant read(String parameter, @Nullable String value) {
    if (value == null) {
      return null;
    }
    try {
      return storable(OffsetDateTime.parse(value).toInstant());
    } catch (DateTimeException e) {
      throw new Fault(
          FaultCode.BAD_REQUEST,
          "Parameter '%s' must be a moment such as 2026-01-31T12:00:00Z (a + is written %%2B), not '%s'"
              .formatted(parameter, value),
          e);
    }
  }

  static Instant storable(Instant instant) {
    if (instant.isBefore(FIRST)) {
      return FIRST;
    }
    return instant.isAfter(LAST) ? LAST : instant;
  }
}
