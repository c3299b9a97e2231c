package dev.ingot.state.catalog;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.project.CatalogProbe;
import dev.ingot.project.CatalogUrl;
import dev.ingot.project.MaterializationStorage;
import dev.ingot.project.WorkerIdentity;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;

/** Looks at catalogs with connections that are closed right after. */
@Component
class PostgresCatalogs implements CatalogProbe {

  private static final int OLDEST = 14;
  private static final String FACTS =
      """
      SELECT current_setting('server_version_num')::int / 10000 AS version,
        pg_is_in_recovery() AS read_only,
        has_database_privilege(current_database(), 'CREATE') AS may_create,
        rolsuper, rolreplication
      FROM pg_roles WHERE rolname = current_user
      """;

  @Override
  public List<String> probe(MaterializationStorage storage) {
    CatalogUrl url = storage.catalog();
    try (Connection connection =
            new CatalogConnections(url, WorkerIdentity.SESSIONS).source().getConnection();
        Statement statement = connection.createStatement();
        ResultSet facts = statement.executeQuery(FACTS)) {
      facts.next();
      require(url, facts);
      return warnings(url, facts);
    } catch (SQLException e) {
      throw CatalogErrors.unavailable(url, e);
    }
  }

  private static void require(CatalogUrl url, ResultSet facts) throws SQLException {
    if (facts.getInt("version") < OLDEST) {
      throw refuse(
          url,
          "PostgreSQL %d is too old; %d is the oldest".formatted(facts.getInt("version"), OLDEST));
    }
    if (facts.getBoolean("read_only")) {
      throw refuse(url, "it is a standby that can only be read; name the primary server");
    }
    if (!facts.getBoolean("may_create")) {
      throw refuse(
          url,
          "user '%s' may not create schemas in it; GRANT CREATE ON DATABASE".formatted(url.user()));
    }
  }

  private static Fault refuse(CatalogUrl url, String why) {
    return new Fault(
        FaultCode.INVALID_STORAGE, "The catalog %s can't be used: %s".formatted(url.text(), why));
  }

  private static List<String> warnings(CatalogUrl url, ResultSet facts) throws SQLException {
    var warnings = new ArrayList<String>();
    if (facts.getBoolean("rolsuper")) {
      warnings.add(
          "'%s' in catalogUrl is a superuser, who may read files and run programs on the database's host: use a role that only owns the catalog's database"
              .formatted(url.user()));
    }
    if (facts.getBoolean("rolreplication")) {
      warnings.add(
          "'%s' in catalogUrl may replicate, and so read every database of the server: use a role without REPLICATION"
              .formatted(url.user()));
    }
    return warnings;
  }
}
