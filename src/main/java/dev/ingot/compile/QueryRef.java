package dev.ingot.compile;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Which query of a model is meant. */
public sealed interface QueryRef {

  /** Tells the sidecar which kind it is. */
  @JsonProperty
  String kind();

  /** A caller's text, compiled in Malloy's restricted mode. */
  record Text(String text) implements QueryRef {
    @Override
    public String kind() {
      return "text";
    }
  }

  /** A query that the model names. */
  record Named(String name) implements QueryRef {
    @Override
    public String kind() {
      return "named";
    }
  }

  /** A view of a source. */
  record View(String source, String name) implements QueryRef {
    @Override
    public String kind() {
      return "view";
    }
  }
}
