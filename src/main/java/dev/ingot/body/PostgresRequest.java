package dev.ingot.body;

import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.AccessMode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What somebody says of a connection to PostgreSQL. */
@Schema(
    name = "PostgresConnectionRequest",
    description =
        "host, databaseName and userName, or a connectionString that says the same. In a change, what is absent stays")
public record PostgresRequest(
    @Schema(description = "A name or an address", example = "db.example") @Nullable String host,
    @Schema(defaultValue = "5432", minimum = "1", maximum = "65535") @Nullable Integer port,
    @Nullable String databaseName,
    @Nullable String userName,
    @Schema(
            accessMode = AccessMode.WRITE_ONLY,
            description =
                "*** is the one that is known for this host, port, databaseName and userName")
        @Nullable String password,
    @Schema(
            accessMode = AccessMode.WRITE_ONLY,
            description =
                "Read into the other fields; special characters are percent-encoded, properties are further parameters",
            example = "postgres://user:password@host:5432/database?sslmode=require")
        @Nullable String connectionString,
    @Schema(implementation = String.class, description = SCHEMA) @Nullable TextField schema,
    @Schema(
            implementation = String.class,
            description = SSL_MODE,
            allowableValues = {"disable", "allow", "prefer", "require", "verify-ca", "verify-full"})
        @Nullable TextField sslmode,
    @Schema(implementation = String.class, description = ROOT_CERTIFICATE)
        @Nullable TextField sslRootCertificate,
    @Schema(implementation = String.class, description = FINGERPRINT)
        @Nullable TextField fingerprint,
    @Schema(
            implementation = Map.class,
            additionalPropertiesSchema = String.class,
            description = PROPERTIES)
        @Nullable PropertiesField properties) {

  public static final String SCHEMA =
      "Where tables go whose declared name has no schema; null: public";
  public static final String SSL_MODE =
      "How the connection is encrypted; null: it is when the server can";
  public static final String ROOT_CERTIFICATE =
      "The certificates that the server's must be signed by, as PEM; with sslmode verify-ca or verify-full";
  public static final String FINGERPRINT =
      "What all servers of a project know the database's server by, where it has several names; it stands for host and port in what identifies the database";
  public static final String PROPERTIES =
      "Of the driver: channelBinding, connectTimeout, gssEncMode, loginTimeout, prepareThreshold, sslNegotiation, targetServerType, tcpKeepAlive";

  /** Without the secrets. */
  @Override
  public String toString() {
    return "%s@%s:%s/%s".formatted(userName, host, port, databaseName);
  }
}
