package dev.ingot.compile;

import dev.ingot.compile.SidecarProcess.Died.Cause;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.fault.Problem;
import dev.ingot.telemetry.Activity;
import dev.ingot.telemetry.Telemetry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
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
  private static final String COMPILE = "compileModels";
  private static final String PLAN = "plan";

  private final SidecarPool pool;
  private final CompilerSettings settings;
  private final JsonMapper json;
  private final Telemetry telemetry;

  private final Quarantine quarantine = new Quarantine();

  /**
   * Contents that the processes may forget; each is told with the next request, so nobody waits.
   */
  private final Queue<String> released = new ConcurrentLinkedQueue<>();

  SidecarCompiler(
      SidecarPool pool, CompilerSettings settings, JsonMapper json, Telemetry telemetry) {
    this.pool = pool;
    this.settings = settings;
    this.json = json;
    this.telemetry = telemetry;
  }

  @Override
  public void compile(CompilerInput input) {
    if (!quarantine.isProven(input.id())) {
      var _ = call(COMPILE, input, Map.of(), false, JsonNode.class);
      quarantine.prove(input.id());
    }
  }

  @Override
  public CompiledPackage plan(CompilerInput input) {
    compile(input);
    return call(PLAN, input, Map.of(), false, CompiledPackage.class);
  }

  @Override
  public ModelReport model(CompilerInput input, String model) {
    return callApart("compileModel", input, Map.of("model", model), ModelReport.class);
  }

  @Override
  public String buildSql(
      CompilerInput input, String model, String sourceId, Map<String, String> manifest) {
    var params = Map.of("model", model, "source", sourceId, "manifest", manifest);
    return call("buildSql", input, params, false, JsonNode.class).path("sql").asString();
  }

  @Override
  public ColumnLineage columnLineage(
      CompilerInput input, String model, String sourceId, Map<String, String> manifest) {
    var params = Map.of("model", model, "source", sourceId, "manifest", manifest);
    return callApart("columnLineage", input, params, ColumnLineage.class);
  }

  @Override
  public PreparedQuery prepare(
      CompilerInput input,
      String model,
      QueryRef query,
      Map<String, String> manifest,
      Givens givens) {
    var params = Map.of("model", model, "query", query, "manifest", manifest, "givens", givens);
    return callApart("prepareQuery", input, params, PreparedQuery.class);
  }

  @Override
  public CheckedSource check(
      CompilerInput input,
      String model,
      String source,
      boolean includeSql,
      Map<String, String> manifest,
      Givens givens) {
    var params =
        Map.of(
            "model", model,
            "source", source,
            "includeSql", includeSql,
            "manifest", manifest,
            "givens", givens);
    return callApart("checkSource", input, params, CheckedSource.class);
  }

  @Override
  public void release(String id) {
    quarantine.release(id);
    released.add(id);
  }

  @Override
  public String malloyVersion() {
    try {
      return pool.call(
              "", process -> process.request("ping", Map.of(), settings.deadline(), (m, p) -> p))
          .path("malloyVersion")
          .asString();
    } catch (SidecarPool.Unavailable | SidecarProcess.Died | SidecarProcess.Refused e) {
      throw unavailable(e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /**
   * A query or a report may stop a process and its models be sound: so they are compiled first, and
   * what happens then is set apart by itself, while the package's other queries go on.
   */
  private <T> T callApart(
      String method, CompilerInput input, Map<String, ?> params, Class<T> type) {
    compile(input);
    return call(method, input, params, true, type);
  }

  private <T> T call(
      String method, CompilerInput input, Map<String, ?> params, boolean apart, Class<T> type) {
    try (Telemetry.Doing compilation = telemetry.begin(Activity.COMPILATION, method)) {
      T answer = work(method, input, params, apart, type);
      compilation.became("done");
      return answer;
    }
  }

  private <T> T work(
      String method, CompilerInput input, Map<String, ?> params, boolean apart, Class<T> type) {
    String text = text(method, params, apart);
    refuseQuarantined(input, text);
    var all = new HashMap<String, Object>(params);
    all.put("package", describe(input));
    Duration deadline = isOfAll(method) ? settings.planDeadline() : settings.deadline();
    try {
      JsonNode answer =
          pool.call(
              input.id(),
              text,
              process -> {
                // Now, because what was waited for may have been the end of the same thing.
                refuseQuarantined(input, text);
                forgetReleased(process);
                return process.request(method, all, deadline, (m, p) -> answer(input, m, p));
              });
      return json.treeToValue(answer, type);
    } catch (SidecarProcess.Refused e) {
      throw fault(e);
    } catch (SidecarPool.Unavailable e) {
      throw unavailable(e);
    } catch (SidecarProcess.Died e) {
      boolean slow = e.cause() == Cause.SLOW && !apart;
      if (e.cause() != Cause.GIVEN_UP && !slow) {
        quarantine.put(input.id(), text, e.why());
      }
      log.warn("The compiler was lost in {} of {}: {}", method, input.id(), e.why());
      throw lost(method, params, apart, e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** What else is set apart with it when it stops a process: nothing but the same. */
  private String text(String method, Map<String, ?> params, boolean apart) {
    if (method.equals(PLAN)) {
      return PoolMember.PLAN;
    }
    return apart ? method + json.writeValueAsString(withoutManifest(params)) : "";
  }

  private static boolean isOfAll(String method) {
    return method.equals(PLAN) || method.equals(COMPILE);
  }

  /** What was too much is the caller's to mend when it is one text; else it is the package's. */
  private static Fault lost(
      String method, Map<String, ?> params, boolean apart, SidecarProcess.Died died) {
    String setting =
        switch (died.cause()) {
          case SLOW ->
              isOfAll(method) ? " (ingot.compiler.plan-deadline)" : " (ingot.compiler.deadline)";
          case MEMORY -> " (ingot.compiler.heap)";
          case GIVEN_UP, OUTSIDE -> "";
        };
    if (apart && died.byWork()) {
      return new Fault(
          FaultCode.TOO_COMPLEX,
          "The compiler %s%s while it worked on %s: make it simpler. All else goes on"
              .formatted(died.why(), setting, what(params)),
          died);
    }
    return new Fault(
        FaultCode.COMPILER_FAILED,
        "The compiler %s%s while it worked on the package's models; other packages go on"
            .formatted(died.why(), setting),
        died);
  }

  private static String what(Map<String, ?> params) {
    return switch (params.get("query")) {
      case QueryRef.Named(String name) ->
          "the query '%s' of %s".formatted(name, params.get("model"));
      case QueryRef.View(String source, String name) ->
          "the view '%s' of the source '%s' of %s".formatted(name, source, params.get("model"));
      case null, default ->
          params.containsKey("query") || params.containsKey("source")
              ? "this text"
              : "the model " + params.get("model");
    };
  }

  private void refuseQuarantined(CompilerInput input, String text) {
    String known = quarantine.of(input.id(), text);
    if (known != null) {
      boolean models = text.isEmpty() || text.equals(PoolMember.PLAN);
      throw new Fault(
          models ? FaultCode.COMPILER_FAILED : FaultCode.TOO_COMPLEX,
          "%s stopped the compiler before (%s); not compiled again until a model changes"
              .formatted(models ? "This package's models" : "This query or model", known));
    }
  }

  /** A new version of the tables doesn't make a query another one. */
  private static Map<String, Object> withoutManifest(Map<String, ?> params) {
    var rest = new TreeMap<String, Object>(params);
    rest.remove("manifest");
    return rest;
  }

  private void forgetReleased(SidecarProcess process)
      throws SidecarProcess.Died, SidecarProcess.Refused, InterruptedException {
    for (String id = released.poll(); id != null; id = released.poll()) {
      process.request("release", Map.of("id", id), settings.deadline(), (m, p) -> p);
    }
  }

  private static Fault unavailable(Exception e) {
    return new Fault(
        FaultCode.COMPILER_UNAVAILABLE, "The compiler can't be reached: " + e.getMessage(), e);
  }

  private static Map<String, @Nullable Object> describe(CompilerInput input) {
    var description = new LinkedHashMap<String, @Nullable Object>();
    description.put("id", input.id());
    description.put("connections", input.connections());
    description.put("models", input.models());
    description.put("explores", input.queryable().orElse(null));
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
      case "progress" -> {
        input.progressed(
            new CompileProgress(
                params.path("models").asInt(),
                params.path("modelsCompiled").asInt(),
                params.path("sourcesPlanned").asInt()));
        yield Map.of();
      }
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
          case "given" -> FaultCode.GIVEN_INVALID;
          case "given_bound" -> FaultCode.GIVEN_BOUND;
          case "claim" -> FaultCode.CLAIM_MISSING;
          case "gated" -> FaultCode.AUTHORIZE_NOT_ENFORCED;
          case "denied" -> FaultCode.ACCESS_DENIED;
          case "filter" -> FaultCode.FILTER_REQUIRED;
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
