package dev.ingot.query;

import java.math.BigDecimal;
import java.math.BigInteger;
import tools.jackson.core.JsonGenerator;

/** Numbers in JSON. */
final class Numbers {

  private Numbers() {}

  /** Exactly, without an exponent that readers stumble over; null where JSON has no number. */
  static void write(JsonGenerator json, Number number) {
    switch (number) {
      case Double d when !Double.isFinite(d) -> json.writeNull();
      case Float f when !Float.isFinite(f) -> json.writeNull();
      case Double d when d == Math.rint(d) && Math.abs(d) < 1e15 -> json.writeNumber(d.longValue());
      case Double d -> json.writeNumber(d);
      case Float f -> json.writeNumber(f);
      case BigDecimal decimal -> json.writeNumber(decimal);
      case BigInteger integer -> json.writeNumber(integer);
      default -> json.writeNumber(number.longValue());
    }
  }
}
