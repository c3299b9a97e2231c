package dev.ingot.testing;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.openlineage.client.OpenLineage.RunEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Holds events to OpenLineage's own classes, which it makes from its schemas: what these have no
 * field for, in this version of each facet, or take for something else, isn't written again as it
 * was read. What the schemas require is looked for besides.
 */
public final class OpenLineage {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final ObjectMapper PUBLISHED =
      new ObjectMapper()
          .registerModule(new JavaTimeModule())
          .setDefaultPropertyInclusion(JsonInclude.Include.NON_NULL)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS);

  /** By the names of facets, what they must have. */
  private static final Map<String, List<String>> REQUIRED =
      Map.of(
          "parent", List.of("run", "job"),
          "errorMessage", List.of("message", "programmingLanguage"),
          "processing_engine", List.of("version"),
          "jobType", List.of("processingType", "integration"),
          "sql", List.of("query"),
          "version", List.of("datasetVersion"),
          "columnLineage", List.of("fields"));

  /** And of those that need nothing. */
  private static final Set<String> FREE = Set.of("schema", "outputStatistics");

  private OpenLineage() {}

  /** An event that is as it should be; fails the test when it isn't. */
  public static JsonNode read(String event) {
    JsonNode read = JSON.readTree(event);
    List<String> errors = errors(read);
    if (!errors.isEmpty()) {
      throw new AssertionError(errors + " in " + read.toPrettyString());
    }
    return read;
  }

  static List<String> errors(JsonNode event) {
    var errors = new ArrayList<String>();
    JsonNode again = again(event);
    if (!timeless(again).equals(timeless(event))) {
      errors.add("OpenLineage's own classes make of it " + again);
    }
    require(event, List.of("eventType", "eventTime", "run", "job", "producer"), errors);
    require(event.path("job"), List.of("namespace", "name"), errors);
    UUID.fromString(event.path("run").path("runId").asString());
    facets(event, errors);
    return errors;
  }

  private static JsonNode again(JsonNode event) {
    try {
      RunEvent read = PUBLISHED.readValue(event.toString(), RunEvent.class);
      return JSON.readTree(PUBLISHED.writeValueAsString(read));
    } catch (JsonProcessingException e) {
      throw new AssertionError("not as published: " + event.toPrettyString(), e);
    }
  }

  /** A moment may be written in several ways. */
  private static JsonNode timeless(JsonNode event) {
    var copy = (ObjectNode) event.deepCopy();
    return copy.put("eventTime", Instant.parse(event.path("eventTime").asString()).toEpochMilli());
  }

  private static void require(JsonNode node, List<String> fields, List<String> errors) {
    fields.stream()
        .filter(field -> !node.hasNonNull(field))
        .forEach(field -> errors.add("no " + field));
  }

  private static void facets(JsonNode node, List<String> errors) {
    for (String kind : List.of("facets", "inputFacets", "outputFacets")) {
      node.path(kind)
          .properties()
          .forEach(facet -> {
            if (!FREE.contains(facet.getKey()) && !REQUIRED.containsKey(facet.getKey())) {
              errors.add("unknown facet " + facet.getKey());
            }
            require(facet.getValue(), List.of("_producer", "_schemaURL"), errors);
            require(facet.getValue(), REQUIRED.getOrDefault(facet.getKey(), List.of()), errors);
          });
    }
    node.forEach(child -> facets(child, errors));
  }
}
