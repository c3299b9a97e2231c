package dev.ingot.api;

import dev.ingot.api.ConnectionResources.ConnectionRequest;
import dev.ingot.api.ConnectionResources.ConnectionResource;
import dev.ingot.api.ConnectionResources.PostgresRequest;
import dev.ingot.api.ConnectionResources.PostgresResource;
import dev.ingot.engine.Engines;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.project.CatalogUrl;
import dev.ingot.project.ConnectionKey;
import dev.ingot.project.PostgresFields;
import dev.ingot.project.PostgresSettings;
import dev.ingot.project.ProjectConnection;
import dev.ingot.project.ProjectName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Connections as requests have them, and as answers show them. */
final class ConnectionBody {

  private static final String TYPE = "postgres";

  private ConnectionBody() {}

  /**
   * The settings of a connection that is to be created.
   *
   * @throws Fault BAD_REQUEST, NOT_SUPPORTED, INVALID_CONNECTION
   */
  static PostgresSettings created(ConnectionRequest request) {
    Required.field("type", request.type());
    return settings(request.type(), request.postgresConnection(), null);
  }

  /**
   * Those of a new project's connections.
   *
   * @param requests elements of a list, which JSON lets be null
   * @throws Fault as {@link #created}; CONNECTION_EXISTS when two have one name
   */
  static Map<ConnectionKey, PostgresSettings> created(
      ProjectName project, @Nullable List<@Nullable ConnectionRequest> requests) {
    var all = new LinkedHashMap<ConnectionKey, PostgresSettings>();
    if (requests == null) {
      return all;
    }
    for (ConnectionRequest request : requests) {
      ConnectionKey key = key(project, request);
      if (request == null || all.put(key, created(request)) != null) {
        throw new Fault(
            FaultCode.CONNECTION_EXISTS,
            "Two connections have the name '%s'".formatted(key.name()));
      }
    }
    return all;
  }

  /**
   * @param known what it changes; null when there is none
   * @throws Fault BAD_REQUEST, NOT_SUPPORTED, INVALID_CONNECTION
   */
  static PostgresSettings settings(
      @Nullable String type, @Nullable PostgresRequest request, @Nullable PostgresSettings known) {
    if (type != null && !type.equals(TYPE)) {
      throw new Fault(FaultCode.NOT_SUPPORTED, unsupported(type));
    }
    if (request == null) {
      if (known == null) {
        throw new Fault(FaultCode.BAD_REQUEST, "Field 'postgresConnection' is missing");
      }
      return known;
    }
    PostgresFields said = said(request).and(request.connectionString());
    return (known == null ? said : said.or(kept(request, known))).settings(known);
  }

  private static String unsupported(String type) {
    return type.equals(Engines.DUCKDB)
        ? "Each package has the connection 'duckdb' without declaring it; one that is declared has type postgres"
        : "There are no connections of this type, only of type postgres; and each package has 'duckdb' without declaring it";
  }

  private static PostgresFields said(PostgresRequest request) {
    return new PostgresFields(
        request.host(),
        request.port(),
        request.databaseName(),
        request.userName(),
        request.password(),
        text(request.schema()),
        text(request.sslmode()),
        text(request.sslRootCertificate()),
        text(request.fingerprint()),
        request.properties() == null ? null : properties(request.properties()));
  }

  private static @Nullable String text(@Nullable TextField field) {
    return field == null ? null : field.text();
  }

  private static @Nullable Map<String, String> properties(PropertiesField field) {
    if (field.properties() == null) {
      return null;
    }
    var properties = new LinkedHashMap<String, String>();
    field
        .properties()
        .forEach((name, value) -> {
          if (value == null) {
            throw new Fault(
                FaultCode.BAD_REQUEST,
                "Field 'postgresConnection.properties' has a property that is null; leave it out");
          }
          properties.put(name, value);
        });
    return properties;
  }

  /** What a change doesn't speak of. Its null for what may be none is something said. */
  private static PostgresFields kept(PostgresRequest request, PostgresSettings known) {
    return new PostgresFields(
        known.host(),
        known.port(),
        known.database(),
        known.user(),
        null,
        request.schema() == null ? known.schema() : null,
        request.sslmode() == null ? known.sslMode() : null,
        request.sslRootCertificate() == null ? known.rootCertificate() : null,
        request.fingerprint() == null ? known.fingerprint() : null,
        request.properties() == null ? known.properties() : null);
  }

  /** All of a project's, the implicit one first. */
  static List<ConnectionResource> shown(ProjectName project, List<ProjectConnection> all) {
    return Stream.concat(Stream.of(implicit(project)), all.stream().map(ConnectionBody::shown))
        .toList();
  }

  private static ConnectionResource implicit(ProjectName project) {
    return new ConnectionResource(
        path(new ConnectionKey(project, Engines.DUCKDB)), Engines.DUCKDB, Engines.DUCKDB, null);
  }

  /** Without the secrets, in a form that may be sent back. */
  static ConnectionResource shown(ProjectConnection connection) {
    PostgresSettings settings = connection.postgres();
    return new ConnectionResource(
        path(connection.key()),
        connection.key().name(),
        TYPE,
        new PostgresResource(
            settings.host(),
            settings.port(),
            settings.database(),
            settings.user(),
            settings.password().isEmpty() ? null : CatalogUrl.MASK,
            settings.schema(),
            settings.sslMode(),
            settings.rootCertificate(),
            settings.fingerprint(),
            settings.sortedProperties()));
  }

  static String path(ConnectionKey key) {
    return Api.projectPath(key.project().value()) + "/connections/" + key.name();
  }

  /**
   * @param request an element of a list, which JSON lets be null
   */
  static ConnectionKey key(ProjectName project, @Nullable ConnectionRequest request) {
    if (request == null) {
      throw new Fault(FaultCode.BAD_REQUEST, "A connection is an object, not null");
    }
    return new ConnectionKey(project, Required.field("name", request.name()));
  }
}
