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
import dev.ingot.query.RowFormat;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.NativeWebRequest;
import tools.jackson.databind.JsonNode;

/** Queries of a model. */
@RestController
@Tag(name = "queries")
class QueryController {

  private static final Logger log = LoggerFactory.getLogger(QueryController.class);

  private final QueryService queries;
  private final ClientWatch clients;

  QueryController(QueryService queries, ClientWatch clients) {
    this.queries = queries;
    this.clients = clients;
  }

  @PostMapping(
      path = Api.MODEL + "/query",
      produces = {AnswerForm.JSON_TYPE, AnswerForm.CSV_TYPE, AnswerForm.NDJSON_TYPE})
  @Operation(
      operationId = "queryModel",
      summary = "Runs a query",
      description =
          """
          The statement is cancelled when the client is gone.

          As `text/csv` or `application/x-ndjson` the rows are streamed as the database gives them, \
          with the values of `compactJson` and without a limit of rows or size; the time limit holds. \
          CSV is RFC 4180 with a header line: null is an empty field, the empty text is `""`, and what \
          nests is JSON text. An error that comes up after the first bytes breaks the connection.\
          """,
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
                    examples = @ExampleObject("customer,total\r\nann,30\r\n")),
                @Content(mediaType = AnswerForm.NDJSON_TYPE, schema = @Schema(type = "string"))
              }))
  @Nullable QueryResult query(
      @PathVariable String projectName,
      @PathVariable String packageName,
      @PathVariable String path,
      @RequestBody QueryRequest request,
      NativeWebRequest web,
      HttpServletRequest http,
      HttpServletResponse response)
      throws IOException, HttpMediaTypeNotAcceptableException {
    PackageKey key = PackageKey.of(projectName, packageName);
    QueryRef query = reference(request);
    refuseFilters(request);
    AnswerForm form = AnswerForm.wanted(web);
    RowFormat rows = form.rows();
    var cancellation = new Cancellation();
    try (ClientWatch.Watching watching = clients.watch(http, cancellation)) {
      if (rows != null) {
        response.setContentType(form.contentType());
        stream(
            watching, response, out -> queries.stream(key, path, query, rows, out, cancellation));
        return null;
      }
      boolean compact = Boolean.TRUE.equals(request.compactJson());
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
