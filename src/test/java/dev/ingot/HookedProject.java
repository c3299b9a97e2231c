package dev.ingot;

import dev.ingot.testing.Client;
import dev.ingot.testing.Models;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Server;
import dev.ingot.testing.Wait;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;

/** A server that may tell this machine of builds, and its one project. */
final class HookedProject implements AutoCloseable {

  static final String PATH = "/api/v0/projects/hooked";

  /** What webhooks are signed with, as base64. */
  static final String KEY = "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0";

  static final String SECRET = "whsec_" + KEY;
  private static final String ADMIN = "admin-0123456789abcdef0123456789abcdef";

  final Server server;
  final Client admin;

  private HookedProject(Server server) {
    this.server = server;
    admin = server.client().as(ADMIN);
  }

  /** The server alone; on the same folder again it is a restart. */
  static HookedProject start(Path folder) {
    return start(folder, "127.0.0.1,localhost");
  }

  static HookedProject start(Path folder, String allowedHosts) {
    return new HookedProject(
        Server.start(
            folder,
            "ingot.access.admin-key=" + ADMIN,
            "ingot.webhooks.allowed-hosts=" + allowedHosts,
            "ingot.webhooks.first-retry=50ms"));
  }

  static String hook(String url, String more) {
    return "{\"url\":\"%s\",\"secret\":\"%s\"%s}".formatted(url, SECRET, more);
  }

  Path location() {
    return server.packageFolder("orders");
  }

  PackageApi create(String... hooks) {
    PackageFiles.orders(location(), Models.CHAIN);
    admin
        .post(
            "/api/v0/projects",
            "{\"name\":\"hooked\",\"webhooks\":[%s],\"packages\":[{\"name\":\"orders\",\"location\":\"%s\"}]}"
                .formatted(String.join(",", hooks), location()))
        .expect(201);
    return new PackageApi(admin, PATH + "/packages/orders");
  }

  void remove() {
    admin.delete(PATH);
  }

  /** What isn't told yet. */
  JsonNode deliveries() {
    return admin.get(PATH + "/webhooks/deliveries").expect(200).json();
  }

  void allTold() {
    Wait.until("all are told", () -> deliveries().isEmpty());
  }

  @Override
  public void close() {
    server.close();
  }
}
