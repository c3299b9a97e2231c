package dev.ingot.compile;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.ingot.fault.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A model after compilation.
 *
 * @param ok whether it compiles
 * @param persistence whether it carries {@code ##! experimental.persistence}, itself or by import
 * @param modelInfo Malloy's stable description of the model
 */
public record ModelReport(
    boolean ok,
    boolean persistence,
    List<Problem> problems,
    @Nullable JsonNode modelInfo,
    List<ModelSource> sources,
    List<ModelQuery> queries,
    List<ModelGiven> givens,
    List<String> imports) {

  /**
   * A source; {@code persisted} when it is built as a table, {@code gated} when only some callers
   * may read it.
   */
  public record ModelSource(
      String name,
      boolean persisted,
      boolean gated,
      @Nullable Integer line,
      @Nullable Integer column) {}

  /**
   * A given that a query may have a value for.
   *
   * @param name what the model calls it
   * @param declaredName what it is called where it is declared
   * @param type as models write it
   * @param defaultText its default as it is written; null without one
   */
  public record ModelGiven(
      String name,
      String declaredName,
      String type,
      List<String> annotations,
      @JsonProperty("default") @Nullable String defaultText) {}

  /** A named query. */
  public record ModelQuery(String name, @Nullable Integer line, @Nullable Integer column) {}
}
