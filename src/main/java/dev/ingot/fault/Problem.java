package dev.ingot.fault;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong, and where.
 *
 * @param model the model file relative to its package; null when it is not about a model's text
 * @param line 1-based, null when unknown
 * @param column 1-based, null when unknown
 */
public record Problem(
    String message,
    Severity severity,
    String code,
    @Nullable String model,
    @Nullable Integer line,
    @Nullable Integer column) {

  /** Only an {@code ERROR} refuses; the others inform. */
  public enum Severity {
    @JsonProperty("error")
    ERROR,
    @JsonProperty("warn")
    WARN,
    @JsonProperty("info")
    INFO
  }

  public static Problem error(String code, String message) {
    return new Problem(message, Severity.ERROR, code, null, null, null);
  }

  public static Problem error(
      String code, String message, String model, @Nullable Integer line, @Nullable Integer column) {
    return new Problem(message, Severity.ERROR, code, model, line, column);
  }

  public static Problem warning(String code, String message) {
    return new Problem(message, Severity.WARN, code, null, null, null);
  }

  public static Problem warning(
      String code, String message, String model, @Nullable Integer line, @Nullable Integer column) {
    return new Problem(message, Severity.WARN, code, model, line, column);
  }

  @JsonIgnore
  public boolean isError() {
    return severity == Severity.ERROR;
  }

  /** The problem as one line: {@code model:line:column: message}. */
  public String text() {
    if (model == null) {
      return message;
    }
    return line == null
        ? model + ": " + message
        : model + ":" + line + ":" + column + ": " + message;
  }
}
