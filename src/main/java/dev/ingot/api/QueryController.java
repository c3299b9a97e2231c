package dev.ingot.api;

import dev.ingot.api.Resources.CompileRequest;
import dev.ingot.api.Resources.CompileResult;
import dev.ingot.api.Resources.QueryRequest;
import dev.ingot.api.Resources.QueryResult;
import dev.ingot.compile.CheckedSource;
import dev.ingot.compile.QueryRef;
import dev.ingot.engine.Cancellation;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.project.PackageKey;
import dev.ingot.query.QueryAnswer;
import dev.ingot.query.QueryService;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Queries of a model. */
@RestController
@Tag(name = "queries")
class QueryController {

  private final QueryService queries;
  private final ClientWatch clients;

  QueryController(QueryService queries, ClientWatch clients) {
    this.queries = queries;
    this.clients = clients;
  }

  @PostMapping(path = Api.MODEL + "/query", produces = "application/json")
  @Operation(
      operationId = "queryModel",
      summary = "Runs a query",
      description = "The statement is cancelled when the client is gone")
  QueryResult query(
      @PathVariable String projectName,
      @PathVariable String packageName,
      @PathVariable String path,
      @RequestBody QueryRequest request,
      HttpServletRequest http) {
    PackageKey key = PackageKey.of(projectName, packageName);
    QueryRef query = reference(request);
    refuseFilters(request);
    boolean compact = Boolean.TRUE.equals(request.compactJson());
    var cancellation = new Cancellation();
    try (ClientWatch.Watching watching = clients.watch(http, cancellation)) {
      QueryAnswer answer = queries.query(key, path, query, compact, cancellation);
      return new QueryResult(
          answer.result(),
          Api.packagePath(key) + "/models/" + path,
          answer.sql(),
          answer.warnings(),
          answer.materialized(),
          answer.live());
    }
  }

  @PostMapping(path = Api.MODEL + "/compile", produces = "application/json")
  @Operation(operationId = "compileModel", summary = "Compiles a text on top of a model")
  CompileResult compile(
      @PathVariable String projectName,
      @PathVariable String packageName,
      @PathVariable String path,
      @RequestBody CompileRequest request) {
    CheckedSource checked =
        queries.check(
            PackageKey.of(projectName, packageName),
            path,
            Required.field("source", request.source()),
            Boolean.TRUE.equals(request.includeSql()));
    return new CompileResult(checked.status(), checked.problems(), checked.sql());
  }

  private static QueryRef reference(QueryRequest request) {
    String text = request.query();
    String name = request.queryName();
    String source = request.sourceName();
    if (text != null && (name != null || source != null)) {
      throw bad("Give either 'query' or 'queryName', not both");
    }
    if (text != null) {
      return new QueryRef.Text(text);
    }
    if (name == null) {
      throw bad("Field 'query' or 'queryName' is missing");
    }
    return source == null ? new QueryRef.Named(name) : new QueryRef.View(source, name);
  }

  /** Filters that are left unheeded would change answers. */
  private static void refuseFilters(QueryRequest request) {
    boolean filters = request.filterParams() != null && !request.filterParams().isEmpty();
    JsonNode bypass = request.bypassFilters();
    boolean bypasses =
        bypass != null
            && !bypass.isNull()
            && !(bypass.isBoolean() && !bypass.booleanValue())
            && !(bypass.isContainer() && bypass.isEmpty());
    if (filters || bypasses) {
      throw new Fault(
          FaultCode.NOT_SUPPORTED,
          "'filterParams' and 'bypassFilters' are not supported: put the filter into the query");
    }
  }

  private static Fault bad(String message) {
    return new Fault(FaultCode.BAD_REQUEST, message);
  }
}
