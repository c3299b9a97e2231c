package dev.ingot.api;

import dev.ingot.access.Caller;
import dev.ingot.access.Role;
import dev.ingot.api.Allowed.Rule;
import dev.ingot.api.ConnectionResources.ColumnResource;
import dev.ingot.api.ConnectionResources.ConnectionChange;
import dev.ingot.api.ConnectionResources.ConnectionResource;
import dev.ingot.api.ConnectionResources.ConnectionTest;
import dev.ingot.api.ConnectionResources.SchemaResource;
import dev.ingot.api.ConnectionResources.TableColumnsResource;
import dev.ingot.api.ConnectionResources.TableResource;
import dev.ingot.api.ConnectionResources.TestResult;
import dev.ingot.api.Refused.Work;
import dev.ingot.body.ConnectionBody;
import dev.ingot.body.ConnectionRequest;
import dev.ingot.body.Required;
import dev.ingot.configuration.ReadOnly;
import dev.ingot.engine.ConnectionContents;
import dev.ingot.engine.Engines;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.materialization.ConnectionLifecycle;
import dev.ingot.project.ConnectionKey;
import dev.ingot.project.ConnectionProbe;
import dev.ingot.project.ConnectionSettings;
import dev.ingot.project.DuckDbGrants;
import dev.ingot.project.ProjectConnection;
import dev.ingot.project.ProjectName;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Connections of a project, and what lies in their databases. */
@RestController
@Tag(name = "connections")
class ConnectionController {

  private static final String CONNECTIONS = Api.PROJECT + "/connections";
  private static final String CONNECTION = CONNECTIONS + "/{connectionName}";
  private static final String ABANDON =
      "True gives up the tables that are on record there: they stay where they are, as nobody's";

  private final ConnectionLifecycle connections;
  private final ConnectionContents contents;
  private final List<ConnectionProbe> probes;
  private final Tags tags;
  private final ReadOnly readOnly;

  ConnectionController(
      ConnectionLifecycle connections,
      ConnectionContents contents,
      List<ConnectionProbe> probes,
      Tags tags,
      ReadOnly readOnly) {
    this.connections = connections;
    this.contents = contents;
    this.probes = probes;
    this.tags = tags;
    this.readOnly = readOnly;
  }

  @Allowed(Rule.READ)
  @GetMapping(path = CONNECTIONS, produces = "application/json")
  @Refused(work = Work.REACHES)
  @Operation(
      operationId = "listConnections",
      summary = "Lists a project's connections, the implicit duckdb first")
  List<ConnectionResource> list(@PathVariable String projectName) {
    var project = new ProjectName(projectName);
    return ShownConnection.all(
        connections.get(key(projectName, Engines.DUCKDB)), connections.list(project));
  }

  @Allowed(Rule.ADMIN)
  @Idempotent
  @PostMapping(path = CONNECTIONS, produces = "application/json")
  @Refused(
      work = {Work.CHANGES, Work.REACHES},
      value = {FaultCode.INVALID_NAME, FaultCode.INVALID_CONNECTION, FaultCode.CONNECTION_EXISTS})
  @Operation(
      operationId = "createConnection",
      summary = "Creates a connection, whether its database answers or not")
  @ApiResponse(responseCode = "201", description = "Created")
  ResponseEntity<ConnectionResource> create(
      @PathVariable String projectName, @RequestBody ConnectionRequest request) {
    ConnectionKey key = ConnectionBody.key(new ProjectName(projectName), request);
    readOnly.require(key);
    ConnectionSettings settings = ConnectionBody.created(request);
    return tags.alone(
        key.project(),
        () -> {
          ProjectConnection created = connections.create(key, settings);
          return ResponseEntity.created(URI.create(ShownConnection.path(key)))
              .eTag(tags.of(key))
              .body(ShownConnection.of(created));
        });
  }

  @Allowed(Rule.READ)
  @GetMapping(path = CONNECTION, produces = "application/json")
  @Refused(work = Work.REACHES)
  @Operation(operationId = "getConnection", summary = "Returns a connection")
  ResponseEntity<ConnectionResource> get(
      @PathVariable String projectName, @PathVariable String connectionName) {
    ConnectionKey key = key(projectName, connectionName);
    String tag = tags.of(key);
    return Tags.ok(tag, ShownConnection.of(connections.get(key)));
  }

  @Allowed(Rule.ADMIN)
  @PatchMapping(path = CONNECTION, produces = "application/json")
  @Refused(
      work = {Work.CHANGES, Work.REACHES},
      value = {
        FaultCode.INVALID_CONNECTION,
        FaultCode.CONNECTION_IN_USE,
        FaultCode.PRECONDITION_FAILED,
        FaultCode.PACKAGE_STUCK
      })
  @Operation(
      operationId = "updateConnection",
      summary =
          "Changes a connection: absent keeps what is, null clears what may be none, a masked password is unchanged",
      description =
          "Host, port, database, schema and fingerprint stay while tables are on record there")
  ResponseEntity<ConnectionResource> update(
      @PathVariable String projectName,
      @PathVariable String connectionName,
      @Parameter(description = ABANDON) @RequestParam(defaultValue = "false") boolean abandon,
      @RequestBody ConnectionChange request,
      HttpServletRequest http) {
    ConnectionKey key = key(projectName, connectionName);
    readOnly.require(key);
    if (request.name() != null && !request.name().equals(connectionName)) {
      throw new Fault(FaultCode.NOT_SUPPORTED, "A connection can't be renamed");
    }
    return tags.change(
        http,
        key,
        () -> {
          ProjectConnection changed =
              connections.change(
                  key, known -> ConnectionBody.settings(request.said(), known), abandon);
          return Tags.ok(tags.of(key), ShownConnection.of(changed));
        });
  }

  @Allowed(Rule.ADMIN)
  @DeleteMapping(CONNECTION)
  @Refused(
      work = {Work.CHANGES, Work.REACHES},
      value = {FaultCode.CONNECTION_IN_USE, FaultCode.PRECONDITION_FAILED, FaultCode.PACKAGE_STUCK})
  @Operation(
      operationId = "deleteConnection",
      summary = "Removes a connection; refused while tables are on record there")
  @ApiResponse(responseCode = "204", description = "Removed", content = @Content)
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void delete(
      @PathVariable String projectName,
      @PathVariable String connectionName,
      @Parameter(description = ABANDON) @RequestParam(defaultValue = "false") boolean abandon,
      HttpServletRequest http) {
    ConnectionKey key = key(projectName, connectionName);
    readOnly.require(key);
    var _ =
        tags.change(
            http,
            key,
            () -> {
              connections.delete(key, abandon);
              return key;
            });
  }

  @Allowed(Rule.ADMIN_SOMEWHERE)
  @PostMapping(path = Api.BASE + "/connections/test", produces = "application/json")
  @Refused(
      work = Work.REACHES,
      value = {
        FaultCode.INVALID_NAME,
        FaultCode.INVALID_CONNECTION,
        FaultCode.NOT_SUPPORTED,
        FaultCode.PROJECT_NOT_FOUND,
        FaultCode.CONNECTION_NOT_FOUND
      })
  @Operation(
      operationId = "testConnection",
      summary = "Tries a connection, and whether its user may make tables there")
  TestResult test(@RequestBody ConnectionTest request, Caller caller) {
    if (request.projectName() != null) {
      // Its secrets would be used.
      caller.require(Role.ADMIN, new ProjectName(request.projectName()));
    }
    ConnectionSettings known = request.projectName() == null ? null : known(request);
    if (known == null) {
      Required.field("type", request.type());
    }
    ConnectionSettings settings = ConnectionBody.settings(request.said(), known);
    return probes.stream()
        .filter(probe -> probe.tries(settings))
        .flatMap(probe -> probe.failure(settings).stream())
        .findFirst()
        .map(why -> new TestResult("failed", why))
        .orElseGet(() -> new TestResult("ok", null));
  }

  /** Null for one that is tried before it is created. */
  private @Nullable ConnectionSettings known(ConnectionTest request) {
    ConnectionKey key =
        key(
            Required.field("projectName", request.projectName()),
            Required.field("name", request.name()));
    return request.postgresConnection() == null
        ? connections.get(key).settings()
        : connections.find(key).map(ProjectConnection::settings).orElse(null);
  }

  @Allowed(Rule.BUILD)
  @GetMapping(path = CONNECTION + "/schemas", produces = "application/json")
  @Refused(work = Work.REACHES, value = FaultCode.NOT_SUPPORTED)
  @Operation(
      operationId = "listSchemas",
      summary = "Lists the schemas that the connection's user may look into")
  List<SchemaResource> schemas(
      @PathVariable String projectName, @PathVariable String connectionName) {
    return contents.schemas(declared(projectName, connectionName)).stream()
        .map(schema -> new SchemaResource(schema.name(), schema.standard()))
        .toList();
  }

  @Allowed(Rule.BUILD)
  @GetMapping(path = CONNECTION + "/tables", produces = "application/json")
  @Refused(work = Work.REACHES, value = FaultCode.NOT_SUPPORTED)
  @Operation(
      operationId = "listTables",
      summary = "Lists the tables and views that the connection's user may read")
  List<TableResource> tables(
      @PathVariable String projectName,
      @PathVariable String connectionName,
      @Parameter(description = "Only those of this schema") @RequestParam(required = false)
          @Nullable String schema) {
    return contents.tables(declared(projectName, connectionName), schema).stream()
        .map(table ->
            new TableResource(
                table.path(), table.schema(), table.name(), table.view() ? "view" : "table"))
        .toList();
  }

  @Allowed(Rule.BUILD)
  @GetMapping(path = CONNECTION + "/tables/{tablePath}", produces = "application/json")
  @Refused(work = Work.REACHES, value = FaultCode.NOT_SUPPORTED)
  @Operation(
      operationId = "getTable",
      summary = "Returns the columns of a table or view",
      description = "The path is as a model names it: public.orders")
  TableColumnsResource table(
      @PathVariable String projectName,
      @PathVariable String connectionName,
      @PathVariable String tablePath) {
    return new TableColumnsResource(
        tablePath,
        contents.columns(declared(projectName, connectionName), tablePath).stream()
            .map(column -> new ColumnResource(column.name(), column.type()))
            .toList());
  }

  private static ConnectionKey key(String projectName, String connectionName) {
    return new ConnectionKey(new ProjectName(projectName), connectionName);
  }

  /** Whose contents may be asked for. */
  private ConnectionKey declared(String projectName, String connectionName) {
    ProjectConnection connection = connections.get(key(projectName, connectionName));
    if (connection.settings() instanceof DuckDbGrants) {
      throw new Fault(
          FaultCode.NOT_SUPPORTED,
          "The connection '%s' is implicit: behind it, each package has a database of its own, and its tables are in the package's manifest"
              .formatted(connectionName));
    }
    return connection.key();
  }
}
