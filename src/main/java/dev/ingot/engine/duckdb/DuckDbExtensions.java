package dev.ingot.engine.duckdb;

import static dev.ingot.engine.duckdb.DuckDbSql.literal;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.project.Home;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Loads DuckDB's extensions. They lie in a folder of Ingot's home, so that neither the account's
 * own folder nor another program's version of them matters, and are fetched when they don't.
 */
@Component
public class DuckDbExtensions {

  private static final Logger log = LoggerFactory.getLogger(DuckDbExtensions.class);

  private final Path folder;
  private final ExtensionSettings settings;

  public DuckDbExtensions(Home home, ExtensionSettings settings) {
    folder = home.root().resolve("extensions");
    this.settings = settings;
  }

  /**
   * Before the connection is hardened: afterwards nothing can be loaded.
   *
   * @throws Fault EXTENSION_UNAVAILABLE
   */
  public void load(Connection connection, String... names) {
    for (String name : names) {
      execute(connection, "SET GLOBAL extension_directory=" + literal(folder.toString()), name);
      load(connection, name);
    }
  }

  private void load(Connection connection, String name) {
    try (Statement statement = connection.createStatement()) {
      statement.execute("LOAD " + name);
    } catch (SQLException missing) {
      log.debug("DuckDB's extension {} isn't installed yet", name, missing);
      execute(connection, "INSTALL " + name + from(), name);
      execute(connection, "LOAD " + name, name);
    }
  }

  private String from() {
    String repository = settings.extensionRepository();
    return repository == null ? "" : " FROM " + literal(repository);
  }

  private void execute(Connection connection, String sql, String name) {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      String repository = settings.extensionRepository();
      throw new Fault(
          FaultCode.EXTENSION_UNAVAILABLE,
          "DuckDB's extension %s can't be had from %s: name a folder or URL that has it with ingot.duckdb.extension-repository (%s)"
              .formatted(
                  name,
                  repository == null ? "DuckDB's own repository" : repository,
                  DuckDbErrors.text(e).lines().findFirst().orElse("")),
          e);
    }
  }
}
