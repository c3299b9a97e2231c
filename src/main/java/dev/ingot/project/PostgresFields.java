package dev.ingot.project;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What somebody says of {@link PostgresSettings}; null is what they don't say. */
public record PostgresFields(
    @Nullable String host,
    @Nullable Integer port,
    @Nullable String database,
    @Nullable String user,
    @Nullable String password,
    @Nullable String schema,
    @Nullable String sslMode,
    @Nullable String rootCertificate,
    @Nullable String fingerprint,
    @Nullable Map<String, String> properties) {

  private static final String FORM = "postgres://user:password@host:5432/database?sslmode=require";
  private static final String SSL_MODE = "sslmode";

  /**
   * With what a URL says, as {@code postgres://user:password@host:port/database?sslmode=…}, which
   * may have {@link PostgresSettings#PROPERTIES} as further parameters.
   *
   * @param url null when there is none
   * @throws Fault INVALID_CONNECTION when it isn't such a URL, which is not repeated then, or when
   *     it and a field say different things
   */
  public PostgresFields and(@Nullable String url) {
    if (url == null) {
      return this;
    }
    PostgresUrl read = PostgresUrl.parse(url, PostgresFields::refuseUrl);
    Map<String, String> said = new HashMap<>(read.parameters());
    String mode = said.remove(SSL_MODE);
    if (!PostgresSettings.PROPERTIES.containsAll(said.keySet())) {
      throw refuseUrl(
          "has a parameter that may not be set; these may: %s and %s"
              .formatted(SSL_MODE, PostgresSettings.PROPERTIES));
    }
    return new PostgresFields(
        agreed("host", host, read.host()),
        Objects.requireNonNullElse(
            agreed("port", port, read.port()), PostgresSettings.DEFAULT_PORT),
        agreed("databaseName", database, read.database()),
        agreed("userName", user, read.user()),
        agreed("password", password, read.password()),
        schema,
        agreed(SSL_MODE, sslMode, mode),
        rootCertificate,
        fingerprint,
        said.isEmpty() ? properties : agreed(properties, said));
  }

  private static Map<String, String> agreed(
      @Nullable Map<String, String> fields, Map<String, String> url) {
    var all = new HashMap<>(url);
    if (fields != null) {
      fields.forEach((name, value) -> {
        var _ = agreed(name, value, url.get(name));
        all.put(name, value);
      });
    }
    return all;
  }

  private static <T> @Nullable T agreed(String field, @Nullable T said, @Nullable T inUrl) {
    if (said != null && inUrl != null && !said.equals(inUrl)) {
      throw refuse(
          "'%s' and 'connectionString' say different things; give only one of them"
              .formatted(field));
    }
    return said == null ? inUrl : said;
  }

  /** What isn't said here is as there. */
  public PostgresFields or(PostgresFields there) {
    return new PostgresFields(
        host == null ? there.host : host,
        port == null ? there.port : port,
        database == null ? there.database : database,
        user == null ? there.user : user,
        password == null ? there.password : password,
        schema == null ? there.schema : schema,
        sslMode == null ? there.sslMode : sslMode,
        rootCertificate == null ? there.rootCertificate : rootCertificate,
        fingerprint == null ? there.fingerprint : fingerprint,
        properties == null ? there.properties : properties);
  }

  /**
   * The settings that they are.
   *
   * @param known whose password a masked or missing one means; null when there is none
   * @throws Fault INVALID_CONNECTION
   */
  public PostgresSettings settings(@Nullable PostgresSettings known) {
    boolean masked = CatalogUrl.MASK.equals(password);
    var said =
        new PostgresSettings(
            given("host", host),
            port == null ? PostgresSettings.DEFAULT_PORT : port,
            given("databaseName", database),
            given("userName", user),
            password == null || masked ? "" : password,
            schema,
            sslMode,
            rootCertificate,
            fingerprint,
            properties == null ? Map.of() : properties);
    if (password != null && !masked) {
      return said;
    }
    if (known == null || known.password().isEmpty()) {
      if (masked) {
        throw unknownPassword(said);
      }
      return said;
    }
    // Otherwise whoever may change a connection could have its password sent to a host of theirs.
    if (!said.isSameLogin(known)) {
      throw unknownPassword(said);
    }
    return said.withPassword(known.password());
  }

  private static Fault unknownPassword(PostgresSettings said) {
    return refuse(
        "the password of %s is not known: give it with the host, port, databaseName and userName that it is for"
            .formatted(said));
  }

  private static String given(String field, @Nullable String value) {
    if (value == null) {
      throw refuse(
          "'%s' is missing: give it, or a connectionString such as %s".formatted(field, FORM));
    }
    return value;
  }

  private static Fault refuseUrl(String wrong) {
    return refuse("'connectionString' %s (%s)".formatted(wrong, FORM));
  }

  private static Fault refuse(String what) {
    return new Fault(FaultCode.INVALID_CONNECTION, what);
  }

  /** Without the secrets. */
  @Override
  public String toString() {
    return "%s@%s:%s/%s".formatted(user, host, port, database);
  }
}
