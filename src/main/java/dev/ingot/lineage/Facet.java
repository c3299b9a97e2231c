package dev.ingot.lineage;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Map;

/**
 * Something that is said of a run, a job or a dataset.
 *
 * @param producer who says so
 * @param schema where the form of its fields is told
 */
record Facet<T>(
    @JsonProperty("_producer") String producer,
    @JsonProperty("_schemaURL") String schema,
    @JsonUnwrapped T fields) {

  /**
   * @param type and version as OpenLineage names them
   */
  static <T> Facet<T> of(String producer, String type, String version, T fields) {
    return new Facet<>(
        producer,
        "https://openlineage.io/spec/facets/%s/%s.json#/$defs/%s".formatted(version, type, type),
        fields);
  }

  record JobType(String processingType, String integration, String jobType) {}

  record Sql(String query) {}

  record ParentRun(RunId run, JobName job) {

    record RunId(String runId) {}

    record JobName(String namespace, String name) {}
  }

  record ErrorMessage(String message, String programmingLanguage) {}

  record ProcessingEngine(String version, String name) {}

  /** The physical table. */
  record DatasetVersion(String datasetVersion) {}

  record Schema(List<Field> fields) {

    record Field(String name, String type) {}
  }

  record OutputStatistics(long rowCount) {}

  /**
   * @param fields by their names, what they are made of
   */
  record ColumnLineage(Map<String, Inputs> fields) {

    record Inputs(List<Input> inputFields) {}

    record Input(
        String namespace, String name, String field, List<Transformation> transformations) {}

    /**
     * @param type DIRECT or INDIRECT
     */
    record Transformation(String type, String subtype) {}
  }
}
