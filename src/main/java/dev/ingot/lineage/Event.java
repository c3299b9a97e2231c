package dev.ingot.lineage;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.ingot.engine.Dataset;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What a run comes to, as OpenLineage's {@code RunEvent}. Facets are by their names.
 *
 * @param producer who says so
 */
record Event(
    Type eventType,
    Instant eventTime,
    Run run,
    Job job,
    List<Dataset> inputs,
    List<Output> outputs,
    String producer,
    String schemaURL) {

  private static final String SCHEMA =
      "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent";

  Event(
      Type eventType,
      Instant eventTime,
      Run run,
      Job job,
      List<Dataset> inputs,
      List<Output> outputs,
      String producer) {
    this(eventType, eventTime, run, job, inputs, outputs, producer, SCHEMA);
  }

  /** Each run has one START, and then one of the others. */
  enum Type {
    START,
    COMPLETE,
    FAIL,
    ABORT
  }

  /**
   * @param runId a UUID
   */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  record Run(String runId, Map<String, Facet<?>> facets) {}

  /** What runs again and again. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  record Job(String namespace, String name, Map<String, Facet<?>> facets) {}

  /**
   * A dataset that was written.
   *
   * @param outputFacets what the run did with it
   */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  record Output(
      String namespace,
      String name,
      Map<String, Facet<?>> facets,
      Map<String, Facet<?>> outputFacets) {}
}
