package dev.ingot.testing;

import dev.ingot.IngotApplication;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * An Ingot in this process, on a port of its own. Its home is {@code home} and packages may lie in
 * {@code packages}, both under the given folder, so a second one on the same folder is a restart.
 */
public final class Server implements AutoCloseable {

  private final ConfigurableApplicationContext context;
  private final Path folder;
  private final Client client;

  private Server(ConfigurableApplicationContext context, Path folder) {
    this.context = context;
    this.folder = folder;
    var web = (ServletWebServerApplicationContext) context;
    client = new Client("http://127.0.0.1:" + Objects.requireNonNull(web.getWebServer()).getPort());
  }

  /**
   * @param settings such as {@code ingot.sample=true}
   */
  public static Server start(Path folder, String... settings) {
    return start(folder, new BeanPostProcessor() {}, settings);
  }

  /** The same with something between its beans. */
  public static Server start(Path folder, BeanPostProcessor between, String... settings) {
    TestExtensions.shareWith(folder.resolve("home"));
    var arguments =
        new ArrayList<>(
            List.of(
                "--server.port=0",
                "--ingot.home=" + folder.resolve("home"),
                "--ingot.package-roots=" + folder.resolve("packages"),
                "--ingot.sample=false"));
    for (String setting : TestExtensions.settings()) {
      arguments.add("--" + setting);
    }
    for (String setting : settings) {
      arguments.add("--" + setting);
    }
    var context =
        new SpringApplicationBuilder(IngotApplication.class)
            .initializers(starting -> starting.getBeanFactory().addBeanPostProcessor(between))
            .run(arguments.toArray(String[]::new));
    return new Server(context, folder);
  }

  public Client client() {
    return client;
  }

  /** A bean of the running server. */
  public <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  /** The folder of a new package. */
  public Path packageFolder(String name) {
    return folder.resolve("packages").resolve(name);
  }

  /** Creates a project {@code p} if need be and registers a package of it. */
  public PackageApi register(String name) {
    client.post("/api/v0/projects", "{\"name\":\"p\"}");
    client
        .post(
            "/api/v0/projects/p/packages",
            "{\"name\":\"%s\",\"location\":\"%s\"}".formatted(name, packageFolder(name)))
        .expect(201);
    return new PackageApi(client, "/api/v0/projects/p/packages/" + name);
  }

  @Override
  public void close() {
    context.close();
  }
}
