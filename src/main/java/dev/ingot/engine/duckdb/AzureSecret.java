package dev.ingot.engine.duckdb;

import static dev.ingot.engine.duckdb.DuckDbSql.literal;

import dev.ingot.engine.elsewhere.WayOut;
import dev.ingot.project.AzureAccess;
import dev.ingot.project.AzureAccess.Application;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Tells DuckDB how a container of Azure's is reached. It is kept in memory, for this one folder.
 */
final class AzureSecret {

  private AzureSecret() {}

  /**
   * Needs the extension azure.
   *
   * @param scope what it serves for begins with it
   * @param way it doesn't look at the proxy of the whole database
   * @throws SQLException whose message may repeat the secret
   */
  static void create(
      Connection connection, String name, String scope, AzureAccess access, WayOut.Pass way)
      throws SQLException {
    var texts = new LinkedHashMap<String, String>();
    Application application = access.application();
    if (application == null) {
      texts.put(
          "CONNECTION_STRING",
          "BlobEndpoint=%s;SharedAccessSignature=%s"
              .formatted(access.endpoint(), access.signature()));
    } else {
      texts.put("PROVIDER", "service_principal");
      texts.put("ACCOUNT_NAME", application.account());
      texts.put("TENANT_ID", application.tenantId());
      texts.put("CLIENT_ID", application.clientId());
      texts.put("CLIENT_SECRET", application.clientSecret());
    }
    texts.put("HTTP_PROXY", "http://" + way.proxy());
    texts.put("PROXY_USER_NAME", way.user());
    texts.put("PROXY_PASSWORD", way.secret());
    texts.put("SCOPE", scope);
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE SECRET %s (TYPE azure, %s)"
              .formatted(
                  name,
                  texts.entrySet().stream()
                      .map(AzureSecret::text)
                      .collect(Collectors.joining(", "))));
    }
  }

  private static String text(Map.Entry<String, String> setting) {
    return setting.getKey() + " " + literal(setting.getValue());
  }
}
