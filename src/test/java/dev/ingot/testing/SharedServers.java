package dev.ingot.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.beans.factory.config.BeanPostProcessor;
import tools.jackson.databind.json.JsonMapper;

/**
 * Servers of this process that share project {@code p}: a real catalog, a folder for the tables,
 * and a home and packages of each server's own.
 */
public final class SharedServers implements AutoCloseable {

  /** Short, so that a test needn't wait for long. */
  private static final String[] SETTINGS = {"ingot.lease=4s", "ingot.heartbeat=500ms"};

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path folder;
  private final Map<String, Object> storage;
  private final List<Server> servers = new ArrayList<>();

  /**
   * @param catalogUrl a database of their own
   * @param dataPath as a project has it
   */
  public SharedServers(Path folder, String catalogUrl, String dataPath) {
    this.folder = folder;
    storage = Map.of("catalogUrl", catalogUrl, "dataPath", dataPath);
  }

  /** Over a folder. */
  public static SharedServers over(Path folder) {
    return new SharedServers(
        folder, TestPostgres.database().url(), "file://" + folder.resolve("tables"));
  }

  /** Starts another one, and registers the project with it. */
  public Server start(String... settings) {
    return start(new BeanPostProcessor() {}, settings);
  }

  /** The same with something between its beans. */
  public Server start(BeanPostProcessor between, String... settings) {
    String name = "worker" + servers.size();
    var all =
        Stream.of(SETTINGS, new String[] {"ingot.worker-name=" + name}, settings)
            .flatMap(Stream::of)
            .toArray(String[]::new);
    Server server = Server.start(folder.resolve(name), between, all);
    servers.add(server);
    var body = new HashMap<String, Object>();
    body.put("name", "p");
    body.put("materializationStorage", storage);
    server.client().post("/api/v0/projects", JSON.writeValueAsString(body)).expect(201);
    return server;
  }

  public Server server(int number) {
    return servers.get(number);
  }

  /** Writes the same package for each server, and registers it there. */
  public List<PackageApi> register(String name, String model) {
    return servers.stream()
        .map(server -> {
          PackageFiles.orders(server.packageFolder(name), model);
          return server.register(name);
        })
        .toList();
  }

  @Override
  public void close() {
    servers.forEach(Server::close);
  }
}
