package dev.ingot.project;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a PostgreSQL database is reached, and where in it Ingot's tables go. Nothing of it becomes a
 * part of a URL unchecked: some properties of the driver name classes to load and files to write.
 *
 * @param schema of tables whose declared name has none; null means {@code public}
 * @param sslMode in PostgreSQL's words; null leaves it to the driver, which tries to encrypt
 * @param rootCertificate the certificates that the server's must be signed by, as PEM
 * @param fingerprint stands for host and port in what identifies the database, where servers know
 *     it under several names; null when it has none
 * @param properties of the driver, only those of {@link #PROPERTIES}
 */
public record PostgresSettings(
    String host,
    int port,
    String database,
    String user,
    String password,
    @Nullable String schema,
    @Nullable String sslMode,
    @Nullable String rootCertificate,
    @Nullable String fingerprint,
    Map<String, String> properties)
    implements ConnectionSettings {

  public static final int DEFAULT_PORT = 5432;
  public static final List<String> SSL_MODES =
      List.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");

  private static final String SECONDS = "[1-9]|[1-5]\\d|60";

  /** None of them names a class, a file or a host; by name, what may be given. */
  private static final Map<String, String> PATTERNS =
      Map.of(
          "channelBinding", "disable|prefer|require",
          "connectTimeout", SECONDS,
          "gssEncMode", "disable|allow|prefer|require",
          "loginTimeout", SECONDS,
          "prepareThreshold", "\\d{1,4}",
          "sslNegotiation", "postgres|direct",
          "targetServerType",
              "any|primary|secondary|preferPrimary|preferSecondary|master|slave|preferSlave",
          "tcpKeepAlive", "true|false");

  /** Of the driver, those that may be set. */
  public static final List<String> PROPERTIES = PATTERNS.keySet().stream().sorted().toList();

  private static final String DEFAULT_SCHEMA = "public";
  private static final int NAME_BYTES = 63;
  private static final int LAST_PORT = 65_535;
  private static final Pattern HOST =
      Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9_.-]{0,251}[A-Za-z0-9_.])?");

  /** With two colons or more: with one, it would be a host and a port. */
  private static final Pattern IPV6 =
      Pattern.compile(
          "[0-9a-fA-F]{0,4}((:[0-9a-fA-F]{0,4}){2,7}|(:[0-9a-fA-F]{0,4}){1,6}:\\d{1,3}(\\.\\d{1,3}){3})");

  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
  private static final Set<String> VERIFYING = Set.of("verify-ca", "verify-full");

  /**
   * @throws Fault INVALID_CONNECTION, which never repeats the password
   */
  public PostgresSettings {
    properties = Map.copyOf(properties);
    require(
        HOST.matcher(host).matches() || IPV6.matcher(host).matches(),
        "'host' must be a host's name or address, such as db.example, without a port, a path or options");
    require(port > 0 && port <= LAST_PORT, "'port' must be from 1 to " + LAST_PORT);
    requireText("databaseName", database);
    requireText("userName", user);
    // PostgreSQL's protocol ends texts with a zero: what comes after would be another option.
    require(!CONTROL.matcher(password).find(), "'password' has a control character in it");
    if (schema != null) {
      requireText("schema", schema);
    }
    require(
        sslMode == null || SSL_MODES.contains(sslMode), "'sslmode' must be one of " + SSL_MODES);
    boolean verifies = sslMode != null && VERIFYING.contains(sslMode);
    require(
        verifies == (rootCertificate != null),
        "'sslRootCertificate' is for sslmode verify-ca and verify-full, and these need it");
    require(
        rootCertificate == null || isCertificate(rootCertificate),
        "'sslRootCertificate' must be the certificate itself, as PEM: -----BEGIN CERTIFICATE-----…");
    if (fingerprint != null) {
      requireText("fingerprint", fingerprint);
    }
    properties.forEach(PostgresSettings::requireProperty);
  }

  private static boolean isCertificate(String text) {
    try {
      return !CertificateFactory.getInstance("X.509")
          .generateCertificates(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))
          .isEmpty();
    } catch (CertificateException e) {
      return false;
    }
  }

  private static void requireText(String field, String value) {
    require(
        !value.isBlank() && value.getBytes(StandardCharsets.UTF_8).length <= NAME_BYTES,
        "'%s' must have 1 to %d bytes".formatted(field, NAME_BYTES));
    require(!CONTROL.matcher(value).find(), "'%s' has a control character in it".formatted(field));
  }

  private static void requireProperty(String name, String value) {
    require(
        PROPERTIES.contains(name),
        "the property '%s' is not one of those that may be set: %s"
            .formatted(CONTROL.matcher(name).replaceAll("?"), PROPERTIES));
    require(
        value.matches(PATTERNS.getOrDefault(name, "")),
        "the property '%s' must be %s".formatted(name, PATTERNS.get(name)));
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new Fault(FaultCode.INVALID_CONNECTION, otherwise);
    }
  }

  /** Where tables go whose declared name has no schema. */
  public String tableSchema() {
    return schema == null ? DEFAULT_SCHEMA : schema;
  }

  @Override
  public String identity() {
    String server = fingerprint == null ? "%s:%d".formatted(host, port) : fingerprint;
    return "%s/%s schema=%s".formatted(server, database, tableSchema());
  }

  /** Whether a password that is known for the other may be sent to this one. */
  public boolean isSameLogin(PostgresSettings other) {
    return host.equals(other.host)
        && port == other.port
        && database.equals(other.database)
        && user.equals(other.user);
  }

  /** The same with this password. */
  PostgresSettings withPassword(String other) {
    return new PostgresSettings(
        host,
        port,
        database,
        user,
        other,
        schema,
        sslMode,
        rootCertificate,
        fingerprint,
        properties);
  }

  /** In an order of its own, so that equal settings have equal texts. */
  public Map<String, String> sortedProperties() {
    return new TreeMap<>(properties);
  }

  /** Without the secrets. */
  @Override
  public String toString() {
    return "%s@%s:%d/%s".formatted(user, host, port, database);
  }
}
