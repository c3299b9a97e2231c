package dev.ingot.state.catalog;

import dev.ingot.project.CatalogUrl;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * Connections to one catalog. Nothing of a request becomes a property of its own: some of the
 * driver's name classes to load and files to write.
 *
 * @param application whose they are, as the database's {@code application_name}
 */
record CatalogConnections(CatalogUrl url, String application) {

  /** Of connecting, of logging in, and of waiting for an answer. */
  private static final String SECONDS = "5";

  /** A new connection for each borrower. */
  DataSource source() {
    return source("");
  }

  /**
   * @param options of the session, in PostgreSQL's command line form
   */
  DataSource source(String options) {
    var source = new DriverManagerDataSource();
    describe(source, options);
    return source;
  }

  /** The same for a source that may do more with it. */
  void describe(DriverManagerDataSource source, String options) {
    String host = url.host().contains(":") ? "[" + url.host() + "]" : url.host();
    String database = URLEncoder.encode(url.database(), StandardCharsets.UTF_8);
    source.setUrl("jdbc:postgresql://%s:%d/%s".formatted(host, url.port(), database));
    var properties = new Properties();
    properties.setProperty("user", url.user());
    properties.setProperty("password", url.password());
    if (url.sslMode() != null) {
      properties.setProperty("sslmode", url.sslMode());
    }
    properties.setProperty("ApplicationName", application);
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
