package dev.ingot.api;

import dev.ingot.access.Caller;
import dev.ingot.compile.Givens;
import dev.ingot.fault.Fault;
import dev.ingot.project.ProjectName;
import dev.ingot.project.ProjectService;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The values of givens that a query has: what its caller gives, and what the project says of him.
 */
@Component
class CallersGivens {

  private static final String WANTED = "write givens={\"NAME\": value}, encoded for URLs";

  private final ProjectService projects;
  private final JsonMapper mapper;

  CallersGivens(ProjectService projects, JsonMapper mapper) {
    this.projects = projects;
    this.mapper = mapper;
  }

  /**
   * @param values what the request gives
   */
  Givens of(
      ProjectName project,
      Caller caller,
      @Nullable Map<String, ? extends @Nullable Object> values) {
    Map<String, String> claims = projects.options(project).givens().claims();
    if (claims.isEmpty() && (values == null || values.isEmpty())) {
      return Givens.NONE;
    }
    var bound = new HashMap<String, Givens.Bound>();
    claims.forEach((given, claim) ->
        bound.put(given, new Givens.Bound(claim, said(caller.claims().get(claim)))));
    var given = new HashMap<String, JsonNode>();
    if (values != null) {
      values.forEach((name, value) -> given.put(name, mapper.valueToTree(value)));
    }
    return new Givens(given, bound);
  }

  private @Nullable JsonNode said(@Nullable Object claim) {
    return claim == null ? null : mapper.valueToTree(claim);
  }

  /**
   * Values that a request gives as a parameter.
   *
   * @throws Fault BAD_REQUEST
   */
  Map<String, JsonNode> read(String text) {
    try {
      JsonNode given = mapper.readTree(text);
      if (given.isObject()) {
        var values = new HashMap<String, JsonNode>();
        given.properties().forEach(field -> values.put(field.getKey(), field.getValue()));
        return values;
      }
    } catch (JacksonException e) {
      throw QueryController.bad(
          "Parameter 'givens' is not JSON%s: %s"
              .formatted(
                  Optional.ofNullable(e.getLocation())
                      .map(at -> " at column " + at.getColumnNr())
                      .orElse(""),
                  WANTED));
    }
    throw QueryController.bad("Parameter 'givens' is no object of JSON: " + WANTED);
  }
}
