package dev.ingot.body;

import dev.ingot.body.AttachedRequests.DuckDbRequest;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.project.ConnectionKey;
import dev.ingot.project.ConnectionSettings;
import dev.ingot.project.DuckDbGrants;
import dev.ingot.project.PostgresFields;
import dev.ingot.project.PostgresSettings;
import dev.ingot.project.ProjectName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Connections, as somebody says them. */
public final class ConnectionBody {

  private static final String POSTGRES = "postgres";
  private static final String DUCKDB = "duckdb";

  private ConnectionBody() {}

  /**
   * The settings of a connection that is to be created.
   *
   * @throws Fault BAD_REQUEST, NOT_SUPPORTED, INVALID_CONNECTION
   */
  public static ConnectionSettings created(ConnectionRequest request) {
    Required.field("type", request.type());
    return settings(said(request), null);
  }

  /**
   * Those of a new project's connections.
   *
   * @param requests elements of a list, which JSON lets be null
   * @throws Fault as {@link #created}; CONNECTION_EXISTS when two have one name
   */
  public static Map<ConnectionKey, ConnectionSettings> created(
      ProjectName project, @Nullable List<@Nullable ConnectionRequest> requests) {
    var all = new LinkedHashMap<ConnectionKey, ConnectionSettings>();
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
   * What a request says of a connection's settings.
   *
   * @param type null when it isn't said
   */
  public record Said(
      @Nullable String type, @Nullable PostgresRequest postgres, @Nullable DuckDbRequest duckdb) {}

  private static Said said(ConnectionRequest request) {
    return new Said(request.type(), request.postgresConnection(), request.duckdbConnection());
  }

  /**
   * @param known what it changes; null when there is none
   * @throws Fault BAD_REQUEST, NOT_SUPPORTED, INVALID_CONNECTION
   */
  public static ConnectionSettings settings(Said said, @Nullable ConnectionSettings known) {
    String type = said.type();
    if (known != null && type != null && !type.equals(type(known))) {
      throw new Fault(
          FaultCode.NOT_SUPPORTED,
          "A connection's type doesn't change: this one has type " + type(known));
    }
    return switch (known == null ? String.valueOf(type) : type(known)) {
      case POSTGRES -> {
        refuseOther("duckdbConnection", DUCKDB, said.duckdb());
        yield postgres(said.postgres(), (PostgresSettings) known);
      }
      case DUCKDB -> {
        refuseOther("postgresConnection", POSTGRES, said.postgres());
        yield AttachedBody.read(
            said.duckdb(), known == null ? DuckDbGrants.NONE : (DuckDbGrants) known);
      }
      default ->
          throw new Fault(
              FaultCode.NOT_SUPPORTED,
              "There are no connections of this type, only of types postgres and duckdb");
    };
  }

  private static void refuseOther(String field, String type, @Nullable Object value) {
    if (value != null) {
      throw new Fault(
          FaultCode.INVALID_CONNECTION,
          "'%s' is for connections of type %s".formatted(field, type));
    }
  }

  /** The type, as clients name it. */
  public static String type(ConnectionSettings settings) {
    return switch (settings) {
      case PostgresSettings postgres -> POSTGRES;
      case DuckDbGrants grants -> DUCKDB;
    };
  }

  /**
   * @param known what it changes; null when there is none
   * @throws Fault BAD_REQUEST, INVALID_CONNECTION
   */
  private static PostgresSettings postgres(
      @Nullable PostgresRequest request, @Nullable PostgresSettings known) {
    if (request == null) {
      if (known == null) {
        throw new Fault(FaultCode.BAD_REQUEST, "Field 'postgresConnection' is missing");
      }
      return known;
    }
    PostgresFields said = fields(request);
    return (known == null ? said : said.or(kept(request, known))).settings(known);
  }

  /**
   * @throws Fault BAD_REQUEST, INVALID_CONNECTION
   */
  static PostgresFields fields(PostgresRequest request) {
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
            request.properties() == null ? null : properties(request.properties()))
        .and(request.connectionString());
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

  /**
   * @param request an element of a list, which JSON lets be null
   */
  public static ConnectionKey key(ProjectName project, @Nullable ConnectionRequest request) {
    if (request == null) {
      throw new Fault(FaultCode.BAD_REQUEST, "A connection is an object, not null");
    }
    return new ConnectionKey(project, Required.field("name", request.name()));
  }
}
