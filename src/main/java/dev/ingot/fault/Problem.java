package dev.ingot.fault;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong, and where.
 *
 * @param model the model file relative to its package; null when it is not about a model's text
 * @param line 1-based, null when unknown
 * @param column 1-based, null when unknown
 * @param excerpt what stands there; null where that isn't known, or not to be shown
 */
public record Problem(
    String message,
    Severity severity,
    String code,
    @Nullable String model,
    @Nullable Integer line,
    @Nullable Integer column,
    @Nullable Excerpt excerpt) {

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
    return new Problem(message, Severity.ERROR, code, null, null, null, null);
  }

  public static Problem error(
      String code, String message, String model, @Nullable Integer line, @Nullable Integer column) {
    return new Problem(message, Severity.ERROR, code, model, line, column, null);
  }

  public static Problem warning(String code, String message) {
    return new Problem(message, Severity.WARN, code, null, null, null, null);
  }

  public static Problem warning(
      String code, String message, String model, @Nullable Integer line, @Nullable Integer column) {
    return new Problem(message, Severity.WARN, code, model, line, column, null);
  }

  /**
   * The same with what stands at its place.
   *
   * @param texts of the models, by their paths
   */
  public Problem in(Map<String, String> texts) {
    String text = model == null || line == null ? null : texts.get(model);
    return text == null || line == null ? this : with(Excerpt.around(text, line));
  }

  /** The same without what stands at its place. */
  public Problem withoutExcerpt() {
    return excerpt == null ? this : with(null);
  }

  private Problem with(@Nullable Excerpt other) {
    return new Problem(message, severity, code, model, line, column, other);
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
