package dev.ingot.api;

import dev.ingot.access.Caller;
import dev.ingot.access.QueriesAtOnce;
import dev.ingot.api.Allowed.Rule;
import dev.ingot.api.Refused.Work;
import dev.ingot.api.Resources.CompileRequest;
import dev.ingot.api.Resources.CompileResult;
import dev.ingot.api.Resources.QueryRequest;
import dev.ingot.api.Resources.QueryResult;
import dev.ingot.body.Required;
import dev.ingot.compile.CheckedSource;
import dev.ingot.compile.QueryRef;
import dev.ingot.engine.Cancellation;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.project.PackageKey;
import dev.ingot.query.Asked;
import dev.ingot.query.QueryAnswer;
import dev.ingot.query.QueryService;
import dev.ingot.query.RowFormat;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.ServletWebRequest;
import tools.jackson.databind.JsonNode;

/** Queries of a model. */
@RestController
@Tag(name = "queries")
class QueryController {

  private static final Logger log = LoggerFactory.getLogger(QueryController.class);

  private static final String FORMS =
      """
      The statement is cancelled when the client is gone.

      As `text/csv` or `application/x-ndjson` the rows are streamed as the database gives them, \
      with the values of `compactJson` and without a limit of rows or size; the time limit holds. \
      CSV is RFC 4180 with a header line: null is an empty field, the empty text is `""`, and what \
      nests is JSON text. An error that comes up after the first bytes breaks the connection.\
      """;

  private static final String CSV_EXAMPLE = "customer,total\r\nann,30\r\n";

  private final QueryService queries;
  private final ClientWatch clients;
  private final QueriesAtOnce atOnce;
  private final CallersGivens givens;

  QueryController(
      QueryService queries, ClientWatch clients, QueriesAtOnce atOnce, CallersGivens givens) {
    this.queries = queries;
    this.givens = givens;
    this.clients = clients;
    this.atOnce = atOnce;
  }

  @Allowed(Rule.QUERY)
  @PostMapping(
      path = Api.MODEL + "/query",
      produces = {AnswerForm.JSON_TYPE, AnswerForm.CSV_TYPE, AnswerForm.NDJSON_TYPE})
  @Refused(work = {Work.REACHES, Work.LOADS, Work.COMPILES, Work.ANSWERS})
  @Operation(
      operationId = "queryModel",
      summary = "Runs a query",
      description = FORMS,
      responses =
          @ApiResponse(
              responseCode = "200",
              description = "OK",
              content = {
                @Content(
                    mediaType = AnswerForm.JSON_TYPE,
                    schema = @Schema(implementation = QueryResult.class)),
                @Content(
                    mediaType = AnswerForm.CSV_TYPE,
                    schema = @Schema(type = "string"),
                    examples = @ExampleObject(CSV_EXAMPLE)),
                @Content(mediaType = AnswerForm.NDJSON_TYPE, schema = @Schema(type = "string"))
              }))
  @Nullable QueryResult query(
      @PathVariable String projectName,
      @PathVariable String packageName,
      @PathVariable String path,
      @RequestBody QueryRequest request,
      Caller caller,
      ServletWebRequest web)
      throws IOException, HttpMediaTypeNotAcceptableException {
    refuseFilters(request);
    QueryRef query = reference(request);
    PackageKey key = PackageKey.of(projectName, packageName);
    var asked =
        new Asked(
            key, path, query, givens.of(key.project(), caller, request.givens()), Optional.empty());
    try (QueriesAtOnce.Running running = atOnce.begin(caller)) {
      return answer(asked, Boolean.TRUE.equals(request.compactJson()), web);
    }
  }

  @Allowed(Rule.QUERY)
  @GetMapping(
      path = Api.MODEL + "/query",
      produces = {AnswerForm.JSON_TYPE, AnswerForm.CSV_TYPE, AnswerForm.NDJSON_TYPE})
  @Refused(work = {Work.REACHES, Work.LOADS, Work.COMPILES, Work.ANSWERS})
  @Operation(
      operationId = "getQueryResult",
      summary = "Runs a query, for clients that keep answers",
      description =
          FORMS
              + """


              An answer that can't change as long as the same tables answer has a strong `ETag`, and \
              with that in `If-None-Match` it is a 304 until it does change. What is computed live, or \
              may be another next time, has none.\
              """,
      responses = {
        @ApiResponse(
            responseCode = "200",
            description = "OK",
            headers =
                @Header(
                    name = "ETag",
                    description = "Of an answer that can be kept",
                    schema = @Schema(type = "string")),
            content = {
              @Content(
                  mediaType = AnswerForm.JSON_TYPE,
                  schema = @Schema(implementation = QueryResult.class)),
              @Content(
                  mediaType = AnswerForm.CSV_TYPE,
                  schema = @Schema(type = "string"),
                  examples = @ExampleObject(CSV_EXAMPLE)),
              @Content(mediaType = AnswerForm.NDJSON_TYPE, schema = @Schema(type = "string"))
            }),
        @ApiResponse(
            responseCode = "304",
            description = "The answer is still the one that the client has",
            content = @Content)
      })
  @Parameter(
      name = "query",
      in = ParameterIn.QUERY,
      description = "Malloy text, compiled in restricted mode",
      schema = @Schema(type = "string"),
      example = "run: flights -> { aggregate: n is count() }")
  @Parameter(
      name = "sourceName",
      in = ParameterIn.QUERY,
      description = "The source whose view queryName is",
      schema = @Schema(type = "string"))
  @Parameter(name = "queryName", in = ParameterIn.QUERY, schema = @Schema(type = "string"))
  @Parameter(
      name = "compactJson",
      in = ParameterIn.QUERY,
      description = "Answer with plain rows instead of Malloy's stable result",
      schema = @Schema(type = "boolean", defaultValue = "false"))
  @Parameter(
      name = "givens",
      in = ParameterIn.QUERY,
      description = "JSON text: values of the model's givens by name",
      schema = @Schema(type = "string"))
  @Parameter(
      name = HttpHeaders.IF_NONE_MATCH,
      in = ParameterIn.HEADER,
      description = "The ETag of the answer that the client has",
      schema = @Schema(type = "string"))
  @Nullable QueryResult queryResult(
      @PathVariable String projectName,
      @PathVariable String packageName,
      @PathVariable String path,
      Caller caller,
      ServletWebRequest web)
      throws IOException, HttpMediaTypeNotAcceptableException {
    var parameters = QueryParameters.of(web.getRequest());
    HttpServletResponse response = response(web);
    response.setHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT);
    response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    PackageKey key = PackageKey.of(projectName, packageName);
    var values = parameters.givens() == null ? null : givens.read(parameters.givens());
    var asked =
        new Asked(
            key,
            path,
            parameters.query(),
            givens.of(key.project(), caller, values),
            Optional.of(tag -> isKnown(tag, web)));
    try (QueriesAtOnce.Running running = atOnce.begin(caller)) {
      return answer(asked, parameters.compactJson(), web);
    } catch (RuntimeException e) {
      if (!response.isCommitted()) {
        // What was said of the answer isn't true of the problem.
        response.reset();
      }
      throw e;
    }
  }

  private static boolean isKnown(String tag, ServletWebRequest web) {
    String quoted = '"' + tag + '"';
    HttpServletResponse response = response(web);
    response.setHeader(HttpHeaders.ETAG, quoted);
    // Only who asked may keep it, and asks whether it still holds.
    response.setHeader(HttpHeaders.CACHE_CONTROL, "private, no-cache");
    return web.checkNotModified(quoted);
  }

  private static HttpServletResponse response(ServletWebRequest web) {
    return Objects.requireNonNull(web.getResponse());
  }

  /** Null when the answer is written already, or the client has it. */
  private @Nullable QueryResult answer(Asked asked, boolean compact, ServletWebRequest web)
      throws IOException, HttpMediaTypeNotAcceptableException {
    AnswerForm form = AnswerForm.wanted(web);
    RowFormat rows = form.rows();
    var cancellation = new Cancellation();
    try (ClientWatch.Watching watching = clients.watch(web.getRequest(), cancellation)) {
      if (rows != null) {
        HttpServletResponse response = response(web);
        response.setContentType(form.contentType());
        stream(watching, response, out -> queries.stream(asked, rows, out, cancellation));
        return null;
      }
      return queries
          .query(asked, compact, cancellation)
          .map(answer -> resource(asked, answer))
          .orElse(null);
    }
  }

  private static QueryResult resource(Asked asked, QueryAnswer answer) {
    return new QueryResult(
        answer.result(),
        Api.packagePath(asked.key()) + "/models/" + asked.model(),
        answer.sql(),
        answer.warnings(),
        answer.materialized(),
        answer.live(),
        answer.cached());
  }

  /** An error is a problem like any other until the first bytes are out. */
  private static void stream(
      ClientWatch.Watching watching, HttpServletResponse response, Consumer<OutputStream> rows)
      throws IOException {
    try {
      rows.accept(watching.guard(response.getOutputStream()));
    } catch (RuntimeException | Error e) {
      if (!response.isCommitted()) {
        response.reset();
        throw e;
      }
      if (e instanceof Fault fault) {
        log.warn("A streamed answer was broken off: {}", fault.detail());
      } else {
        log.error("A streamed answer was broken off", e);
      }
      watching.abort(e);
    }
  }

  @Allowed(Rule.QUERY)
  @PostMapping(path = Api.MODEL + "/compile", produces = "application/json")
  @Refused(work = {Work.REACHES, Work.LOADS, Work.COMPILES, Work.ANSWERS})
  @Operation(operationId = "compileModel", summary = "Compiles a text on top of a model")
  CompileResult compile(
      @PathVariable String projectName,
      @PathVariable String packageName,
      @PathVariable String path,
      @RequestBody CompileRequest request,
      Caller caller) {
    PackageKey key = PackageKey.of(projectName, packageName);
    CheckedSource checked =
        queries.check(
            key,
            path,
            Required.field("source", request.source()),
            Boolean.TRUE.equals(request.includeSql()),
            givens.of(key.project(), caller, request.givens()));
    boolean shown = !checked.gated() || ShownTables.all(caller, key.project());
    return new CompileResult(checked.status(), checked.problems(), shown ? checked.sql() : null);
  }

  private static QueryRef reference(QueryRequest request) {
    return reference(request.query(), request.sourceName(), request.queryName());
  }

  static QueryRef reference(@Nullable String text, @Nullable String source, @Nullable String name) {
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
      throw unsupportedFilters();
    }
  }

  static Fault unsupportedFilters() {
    return new Fault(
        FaultCode.NOT_SUPPORTED,
        "'filterParams' and 'bypassFilters' are not supported: put the filter into the query");
  }

  static Fault bad(String message) {
    return new Fault(FaultCode.BAD_REQUEST, message);
  }
}
