package dev.ingot.engine;

/**
 * A value that none of Java's own types can hold, as SQL writes it: the time {@code 24:00:00}, a
 * date or moment that is {@code infinity} or {@code -infinity}.
 */
public record SqlText(String text) {

  public static final SqlText INFINITY = new SqlText("infinity");
  public static final SqlText NEGATIVE_INFINITY = new SqlText("-infinity");

  @Override
  public String toString() {
    return text;
  }
}
