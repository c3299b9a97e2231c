package dev.ingot.startup;

import dev.ingot.project.PostgresFields;
import dev.ingot.project.PostgresSettings;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is registered at each start.
 *
 * @param projects by name
 */
@ConfigurationProperties("ingot")
public record RegistrationSettings(@DefaultValue Map<String, ProjectSettings> projects) {

  /**
   * @param storage null keeps the storage that the project has
   * @param connections by name
   * @param packages locations by name
   */
  public record ProjectSettings(
      @Nullable StorageSettings storage,
      @DefaultValue Map<String, ConnectionSettings> connections,
      @DefaultValue Map<String, String> packages) {}

  /** The place of a project's shared state and tables, as the API has it. */
  public record StorageSettings(@Nullable String catalogUrl, @Nullable String dataPath) {

    /** Without the password in the URL. */
    @Override
    public String toString() {
      return "storage at " + dataPath;
    }
  }

  /**
   * A PostgreSQL connection, as the API has it.
   *
   * @param properties of the driver; case doesn't matter in their names, which variables of the
   *     environment don't keep
   */
  public record ConnectionSettings(
      @Nullable String host,
      @Nullable Integer port,
      @Nullable String databaseName,
      @Nullable String userName,
      @Nullable String password,
      @Nullable String connectionString,
      @Nullable String schema,
      @Nullable String sslmode,
      @Nullable String sslRootCertificate,
      @Nullable String fingerprint,
      @DefaultValue Map<String, String> properties) {

    /**
     * @throws dev.ingot.fault.Fault INVALID_CONNECTION
     */
    PostgresSettings settings() {
      var named = new HashMap<String, String>();
      properties.forEach((name, value) -> named.put(property(name), value));
      return new PostgresFields(
              host,
              port,
              databaseName,
              userName,
              password,
              schema,
              sslmode,
              sslRootCertificate,
              fingerprint,
              named)
          .and(connectionString)
          .settings(null);
    }

    private static String property(String name) {
      return PostgresSettings.PROPERTIES.stream()
          .filter(name::equalsIgnoreCase)
          .findFirst()
          .orElse(name);
    }

    /** Without the secrets. */
    @Override
    public String toString() {
      return "%s@%s:%s/%s".formatted(userName, host, port, databaseName);
    }
  }
}
