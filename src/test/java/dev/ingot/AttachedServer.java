package dev.ingot;

import dev.ingot.testing.Answer;
import dev.ingot.testing.Client;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Server;
import dev.ingot.testing.TestBucket;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** A server whose packages read what lies elsewhere: on this machine, which it has to be told. */
final class AttachedServer implements AutoCloseable {

  private final AtomicInteger packages = new AtomicInteger();
  private final Server server;

  private AttachedServer(Server server) {
    this.server = server;
  }

  /**
   * @param attached what its project is granted from the beginning
   */
  static AttachedServer start(Path folder, String... attached) {
    Server server = Server.start(folder, "ingot.duckdb.private-hosts=127.0.0.1");
    String connection =
        "{\"name\":\"duckdb\",\"type\":\"duckdb\",\"duckdbConnection\":%s}"
            .formatted(all(attached));
    server
        .client()
        .post(
            "/api/v0/projects",
            "{\"name\":\"%s\",\"connections\":[%s]}".formatted(server.project(), connection))
        .expect(201);
    return new AttachedServer(server);
  }

  <T> T bean(Class<T> type) {
    return server.bean(type);
  }

  Client client() {
    return server.client();
  }

  private static String all(String... attached) {
    return "{\"attachedDatabases\":[%s]}".formatted(String.join(",", attached));
  }

  /** A bucket's prefix. */
  static String s3(String name, String prefix, TestBucket bucket) {
    return s3(name, prefix, bucket, bucket.endpoint());
  }

  /**
   * @param endpoint another way to the bucket
   */
  static String s3(String name, String prefix, TestBucket bucket, String endpoint) {
    return """
    {"name":"%s","type":"s3","prefix":"%s","s3Connection":{
     "accessKeyId":"%s","secretAccessKey":"%s","endpoint":"http://%s"}}
    """
        .formatted(name, prefix, bucket.key(), bucket.secret(), endpoint);
  }

  static String https(String name, String prefix) {
    return "{\"name\":\"%s\",\"type\":\"https\",\"prefix\":\"%s\"}".formatted(name, prefix);
  }

  /** The path of its project's. */
  String connections() {
    return "/api/v0/projects/%s/connections".formatted(server.project());
  }

  /** What is granted from now on, instead of what was. */
  Answer grant(String... attached) {
    return client()
        .patch(connections() + "/duckdb", "{\"duckdbConnection\":%s}".formatted(all(attached)));
  }

  /** Whether it could be, and why not. */
  String tried(String attached) {
    return client()
        .post(
            "/api/v0/connections/test",
            "{\"type\":\"duckdb\",\"duckdbConnection\":%s}".formatted(all(attached)))
        .expect(200)
        .text();
  }

  /** A name that no package has yet. */
  String newName() {
    return "shop" + packages.incrementAndGet();
  }

  /** The files of a package, which isn't registered yet. */
  PackageFiles files(String name) {
    return PackageFiles.create(server.packageFolder(name));
  }

  PackageApi register(String name) {
    return server.register(name);
  }

  @Override
  public void close() {
    server.close();
  }
}
