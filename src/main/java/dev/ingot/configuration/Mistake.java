package dev.ingot.configuration;

import org.jspecify.annotations.Nullable;

/**
 * Something in the file that can't be taken, and where. Its message never repeats a value that may
 * be a secret.
 *
 * @param pointer a JSON pointer (RFC 6901); empty for the whole file
 * @param position null when it isn't about a place in the text
 */
public record Mistake(String pointer, @Nullable Position position, String message) {

  /** Both 1-based. */
  public record Position(int line, int column) {}

  /** As one line: {@code line:column: pointer: message}. */
  public String text() {
    String at = position == null ? "" : position.line() + ":" + position.column() + ": ";
    return at + (pointer.isEmpty() ? "" : pointer + ": ") + message;
  }
}
