package dev.ingot.api;

import dev.ingot.api.ConnectionResources.ConnectionResource;
import dev.ingot.api.ConnectionResources.PostgresResource;
import dev.ingot.body.ConnectionBody;
import dev.ingot.project.CatalogUrl;
import dev.ingot.project.ConnectionKey;
import dev.ingot.project.ConnectionSettings;
import dev.ingot.project.DuckDbGrants;
import dev.ingot.project.PostgresSettings;
import dev.ingot.project.ProjectConnection;
import java.util.List;
import java.util.stream.Stream;

/** Connections as answers show them. */
final class ShownConnection {

  private ShownConnection() {}

  /** All of a project's, the implicit one first. */
  static List<ConnectionResource> all(ProjectConnection implicit, List<ProjectConnection> all) {
    return Stream.concat(
            Stream.of(implicit), all.stream().filter(one -> !one.key().equals(implicit.key())))
        .map(ShownConnection::of)
        .toList();
  }

  /** Without the secrets, in a form that may be sent back. */
  static ConnectionResource of(ProjectConnection connection) {
    ConnectionSettings settings = connection.settings();
    return new ConnectionResource(
        path(connection.key()),
        connection.key().name(),
        ConnectionBody.type(settings),
        settings instanceof PostgresSettings postgres ? of(postgres) : null,
        settings instanceof DuckDbGrants grants ? ShownAttached.of(grants) : null);
  }

  /** Without the secrets, in a form that may be sent back. */
  static PostgresResource of(PostgresSettings settings) {
    return new PostgresResource(
        settings.host(),
        settings.port(),
        settings.database(),
        settings.user(),
        settings.password().isEmpty() ? null : CatalogUrl.MASK,
        settings.schema(),
        settings.sslMode(),
        settings.rootCertificate(),
        settings.fingerprint(),
        settings.sortedProperties());
  }

  static String path(ConnectionKey key) {
    return Api.projectPath(key.project().value()) + "/connections/" + key.name();
  }
}
