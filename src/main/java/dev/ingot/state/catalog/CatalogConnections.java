package dev.ingot.state.catalog;

import dev.ingot.project.CatalogUrl;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * Connections to catalogs. Nothing of a request becomes a property of its own: some of the driver's
 * name classes to load and files to write.
 */
final class CatalogConnections {

  /** Of connecting, of logging in, and of waiting for an answer. */
  private static final String SECONDS = "5";

  private CatalogConnections() {}

  /** A new connection for each borrower. */
  static DataSource source(CatalogUrl url) {
    return source(url, "");
  }

  /**
   * @param options of the session, in PostgreSQL's command line form
   */
  static DataSource source(CatalogUrl url, String options) {
    var source = new DriverManagerDataSource();
    describe(source, url, options);
    return source;
  }

  /** The same for a source that may do more with it. */
  static void describe(DriverManagerDataSource source, CatalogUrl url, String options) {
    String host = url.host().contains(":") ? "[" + url.host() + "]" : url.host();
    String database = URLEncoder.encode(url.database(), StandardCharsets.UTF_8);
    source.setUrl("jdbc:postgresql://%s:%d/%s".formatted(host, url.port(), database));
    var properties = new Properties();
    properties.setProperty("user", url.user());
    properties.setProperty("password", url.password());
    if (url.sslMode() != null) {
      properties.setProperty("sslmode", url.sslMode());
    }
    properties.setProperty("ApplicationName", "ingot");
    properties.setProperty("connectTimeout", SECONDS);
    properties.setProperty("loginTimeout", SECONDS);
    properties.setProperty("socketTimeout", SECONDS);
    properties.setProperty("tcpKeepAlive", "true");
    if (!options.isEmpty()) {
      properties.setProperty("options", options);
    }
    source.setConnectionProperties(properties);
  }
}
