package dev.ingot.engine.postgres;

import dev.ingot.project.Certificates;
import dev.ingot.project.ConnectionProbe;
import dev.ingot.project.ConnectionSettings;
import dev.ingot.project.PostgresSettings;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Looks at databases with a session that is closed right after. */
@Component
class PostgresProbe implements ConnectionProbe {

  private static final int OLDEST = 13;
  private static final String FACTS =
      """
      SELECT current_setting('server_version_num')::int / 10000 AS version,
        pg_catalog.pg_is_in_recovery() AS standby,
        EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = s.name) AS schema_there,
        (SELECT pg_catalog.has_schema_privilege(n.oid, 'CREATE')
         FROM pg_catalog.pg_namespace n WHERE n.nspname = s.name) AS may_create
      FROM (SELECT ?::text AS name) s
      """;

  private final Certificates certificates;

  PostgresProbe(Certificates certificates) {
    this.certificates = certificates;
  }

  @Override
  public boolean tries(ConnectionSettings settings) {
    return settings instanceof PostgresSettings;
  }

  @Override
  public Optional<String> failure(ConnectionSettings settings) {
    return failure((PostgresSettings) settings);
  }

  private Optional<String> failure(PostgresSettings settings) {
    try (Connection connection =
            new PostgresServer(settings, certificates).sessions("ingot/test").getConnection();
        PreparedStatement statement = connection.prepareStatement(FACTS)) {
      statement.setString(1, settings.tableSchema());
      try (ResultSet facts = statement.executeQuery()) {
        facts.next();
        return objection(settings, facts);
      }
    } catch (SQLException e) {
      return Optional.of("%s: %s".formatted(settings, PostgresErrors.reason(e)));
    }
  }

  private static Optional<String> objection(PostgresSettings settings, ResultSet facts)
      throws SQLException {
    if (facts.getInt("version") < OLDEST) {
      return Optional.of(
          "PostgreSQL %d is too old; %d is the oldest".formatted(facts.getInt("version"), OLDEST));
    }
    if (facts.getBoolean("standby")) {
      return Optional.of("it is a standby that can only be read; name the primary server");
    }
    if (!facts.getBoolean("schema_there")) {
      return Optional.of(
          "it has no schema '%s' for Ingot's tables: create it, or name another"
              .formatted(settings.tableSchema()));
    }
    if (!facts.getBoolean("may_create")) {
      return Optional.of(
          "user '%s' may not create tables in the schema '%s': GRANT CREATE ON SCHEMA"
              .formatted(settings.user(), settings.tableSchema()));
    }
    return Optional.empty();
  }
}
