package dev.ingot.testing;

import dev.ingot.IngotApplication;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.coyote.AbstractProtocol;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * An Ingot in this process, on a port of its own. Its home is {@code home} and packages may lie in
 * {@code packages}, both under the given folder, so a second one on the same folder is a restart.
 */
public final class Server implements AutoCloseable {

  private static final AtomicInteger SHARES = new AtomicInteger();

  private final ConfigurableApplicationContext context;
  private final Path packages;
  private final String project;
  private final Client client;

  private Server(ConfigurableApplicationContext context, Path packages, String project) {
    this.context = context;
    this.packages = packages;
    this.project = project;
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
                "--ingot.sample=false",
                "--ingot.compiler.snapshot=false"));
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
    return new Server(context, folder.resolve("packages"), "p");
  }

  /**
   * The one that tests of this JVM share which need nothing of their own but a project. It ends
   * with the JVM.
   */
  public static Server shared() {
    String project = "p" + SHARES.incrementAndGet();
    return new Server(Shared.SERVER.context, Shared.SERVER.packages.resolve(project), project);
  }

  private static final class Shared {

    static final Server SERVER = start();

    private static Server start() {
      try {
        Server started = Server.start(Files.createTempDirectory("ingot-shared"));
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(started::close));
        return started;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  public Client client() {
    return client;
  }

  /** A bean of the running server. */
  public <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  /** The port that metrics are scraped at, with {@code management.server.port=0}. */
  public int operatorsPort() {
    return context.getEnvironment().getRequiredProperty("local.management.port", Integer.class);
  }

  /** How many connections of clients are open. */
  public long connections() {
    var web = (TomcatWebServer) ((ServletWebServerApplicationContext) context).getWebServer();
    var protocol =
        (AbstractProtocol<?>)
            Objects.requireNonNull(web).getTomcat().getConnector().getProtocolHandler();
    return protocol.getConnectionCount();
  }

  /** The folder of a new package. */
  public Path packageFolder(String name) {
    return packages.resolve(name);
  }

  /** The project that its packages are registered in: {@code p}, unless it is shared. */
  public String project() {
    return project;
  }

  /** The path of the project's packages. */
  public String packagesPath() {
    return "/api/v0/projects/" + project + "/packages";
  }

  /** Creates the project if need be and registers a package of it. */
  public PackageApi register(String name) {
    client.post("/api/v0/projects", "{\"name\":\"%s\"}".formatted(project));
    client
        .post(
            packagesPath(),
            "{\"name\":\"%s\",\"location\":\"%s\"}".formatted(name, packageFolder(name)))
        .expect(201);
    return new PackageApi(client, packagesPath() + "/" + name);
  }

  @Override
  public void close() {
    context.close();
  }
}
