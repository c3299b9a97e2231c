package dev.ingot.compile;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.fault.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Malloy's compiler in a Node process. The messages are those of {@code src/main/sidecar}. */
@Component
class SidecarCompiler implements MalloyCompiler {

  private static final Logger log = LoggerFactory.getLogger(SidecarCompiler.class);

  private final SidecarPool pool;
  private final CompilerSettings settings;
  private final JsonMapper json;

  /** Contents whose own models stopped a process, and how; asking again would only repeat it. */
  private final Map<String, String> quarantined = new ConcurrentHashMap<>();

  SidecarCompiler(SidecarPool pool, CompilerSettings settings, JsonMapper json) {
    this.pool = pool;
    this.settings = settings;
    this.json = json;
  }

  @Override
  public CompiledPackage plan(CompilerInput input) {
    return call("plan", input, Map.of(), false, CompiledPackage.class);
  }

  @Override
  public ModelReport model(CompilerInput input, String model) {
    return call("compileModel", input, Map.of("model", model), false, ModelReport.class);
  }

  @Override
  public String buildSql(
      CompilerInput input, String model, String sourceId, Map<String, String> manifest) {
    var params = Map.of("model", model, "source", sourceId, "manifest", manifest);
    return call("buildSql", input, params, false, JsonNode.class).path("sql").asString();
  }

  @Override
  public PreparedQuery prepare(
      CompilerInput input,
      String model,
      QueryRef query,
      Map<String, String> manifest,
      boolean strict) {
    var params = Map.of("model", model, "query", query, "manifest", manifest, "strict", strict);
    return call("prepareQuery", input, params, true, PreparedQuery.class);
  }

  @Override
  public CheckedSource check(
      CompilerInput input,
      String model,
      String source,
      boolean includeSql,
      Map<String, String> manifest) {
    var params =
        Map.of("model", model, "source", source, "includeSql", includeSql, "manifest", manifest);
    return call("checkSource", input, params, true, CheckedSource.class);
  }

  @Override
  public void release(String id) {
    quarantined.remove(id);
    try {
      pool.call(process ->
          process.request("release", Map.of("id", id), settings.deadline(), (m, p) -> p));
    } catch (SidecarProcess.Died | SidecarProcess.Refused e) {
      log.debug("Nothing to release: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String malloyVersion() {
    try {
      return pool.call(
              process -> process.request("ping", Map.of(), settings.deadline(), (m, p) -> p))
          .path("malloyVersion")
          .asString();
    } catch (SidecarProcess.Died | SidecarProcess.Refused e) {
      throw new Fault(
          FaultCode.COMPILER_UNAVAILABLE, "The compiler can't be reached: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private <T> T call(
      String method,
      CompilerInput input,
      Map<String, ?> params,
      boolean callersText,
      Class<T> type) {
    String known = quarantined.get(input.id());
    if (known != null) {
      throw new Fault(
          FaultCode.COMPILER_FAILED,
          "This package's models stopped the compiler (%s); it is not compiled again until a model changes"
              .formatted(known));
    }
    var all = new HashMap<String, Object>(params);
    all.put("package", describe(input));
    try {
      JsonNode answer =
          pool.call(process ->
              process.request(method, all, settings.deadline(), (m, p) -> answer(input, m, p)));
      return json.treeToValue(answer, type);
    } catch (SidecarProcess.Refused e) {
      throw fault(e);
    } catch (SidecarProcess.Died e) {
      if (!callersText) {
        quarantined.put(input.id(), e.why());
      }
      log.warn("The compiler was lost in {}: {}", method, e.why());
      throw new Fault(
          FaultCode.COMPILER_FAILED,
          "The compiler %s while it worked on this; other packages go on".formatted(e.why()),
          e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static Map<String, Object> describe(CompilerInput input) {
    var description = new LinkedHashMap<String, Object>();
    description.put("id", input.id());
    description.put("connections", input.connections());
    description.put("models", input.models());
    return description;
  }

  private static Object answer(CompilerInput input, String method, JsonNode params) {
    return switch (method) {
      case "readModel" -> Map.of("text", input.readModel(params.path("path").asString()));
      case "describeTable" ->
          Map.of(
              "columns",
              input.describeTable(
                  params.path("connection").asString(), params.path("table").asString()));
      case "describeSelect" ->
          Map.of(
              "columns",
              input.describeSelect(
                  params.path("connection").asString(), params.path("sql").asString()));
      default -> throw new Fault(FaultCode.INTERNAL, "unknown method " + method);
    };
  }

  private Fault fault(SidecarProcess.Refused refused) {
    JsonNode data = refused.data();
    String kind = data == null ? "internal" : data.path("kind").asString("internal");
    FaultCode code =
        switch (kind) {
          case "model" -> FaultCode.MODEL_INVALID;
          case "query" -> FaultCode.QUERY_INVALID;
          case "not_found" -> FaultCode.QUERY_NOT_FOUND;
          case "strict_miss" -> FaultCode.QUERY_FAILED;
          case "too_large" -> FaultCode.REQUEST_TOO_LARGE;
          default -> FaultCode.INTERNAL;
        };
    return new Fault(code, String.valueOf(refused.getMessage()), problems(data));
  }

  private List<Problem> problems(@Nullable JsonNode data) {
    var problems = new ArrayList<Problem>();
    if (data != null) {
      for (JsonNode problem : data.path("problems")) {
        problems.add(json.treeToValue(problem, Problem.class));
      }
    }
    return problems;
  }

  private static Fault interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new Fault(FaultCode.CANCELLED, "Interrupted while compiling", e);
  }
}
