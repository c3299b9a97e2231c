package dev.ingot.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a query as the database streams them. Values are plain Java, whatever the engine:
 *
 * <ul>
 *   <li>{@link Boolean}, {@link String}, and each number as the smallest of Java's types that holds
 *       the column's: {@link Byte} to {@link Long}, {@link java.math.BigInteger}, {@link
 *       java.math.BigDecimal}, {@link Float}, {@link Double};
 *   <li>{@link java.time.LocalDate}, {@link java.time.LocalTime}, {@link java.time.OffsetTime},
 *       {@link java.time.LocalDateTime}, and {@link java.time.OffsetDateTime} for a moment, all in
 *       the calendar of ISO 8601, before 1582 too;
 *   <li>{@link SqlText} in place of one of these when it can't hold the value;
 *   <li>{@code byte[]}, {@link java.util.UUID};
 *   <li>{@link List}, and {@link java.util.Map} for maps and for structs, with the fields in order.
 * </ul>
 */
public interface Rows {

  /** The names of the columns, in their order. */
  List<String> columns();

  /** Goes to the next row; false when there is none. */
  boolean next();

  /**
   * A value of the row that {@link #next} went to; null for SQL's NULL.
   *
   * @param column counted from 0
   */
  @Nullable Object value(int column);
}
