package dev.ingot;

import dev.ingot.command.BuildCommand;
import dev.ingot.configuration.ConfigCommand;
import java.io.Console;
import java.net.URI;
import java.net.URL;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TimeZone;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;

/** Starts the server, or does what else is asked of the program. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class IngotApplication {

  public static void main(String[] args) {
    if (ConfigCommand.isMeant(List.of(args))) {
      System.exit(ConfigCommand.run(List.of(args), System.getenv(), System.out, System.err));
    }
    if (BuildCommand.isMeant(List.of(args))) {
      var command =
          new BuildCommand(
              settings -> new StartedServer(start(settings.toArray(String[]::new))),
              System.out,
              System.err,
              isTerminal());
      System.exit(command.run(List.of(args)));
    }
    Environment settings = start(args).getEnvironment();
    if (!settings.getProperty("ingot.rehearse", Boolean.class, false)) {
      // What Java has learnt is written at its end, which takes a while.
      LastResort.endAfter(
          settings.getProperty("ingot.shutdown-grace", Duration.class, Duration.ofSeconds(10)));
    }
  }

  private static ConfigurableApplicationContext start(String... args) {
    // Times are UTC everywhere; a driver that thinks in the machine's zone would shift them.
    TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
    NativeMemory.limit();
    useWhatTheBuildPrepared();
    Thread.ofPlatform().name("duckdb-load").daemon().start(DuckDbLibrary::load);
    return SpringApplication.run(IngotApplication.class, args);
  }

  private static boolean isTerminal() {
    return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
  }

  /** One that a command started. */
  private record StartedServer(ConfigurableApplicationContext context)
      implements BuildCommand.Started {

    @Override
    public URI url() {
      return URI.create(
          "http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port"));
    }

    @Override
    public void close() {
      context.close();
    }
  }

  /**
   * The packaged server starts a second faster with the bean definitions that the build made ahead
   * of time, where it could. A folder of classes may hold some that are older than the code.
   */
  private static void useWhatTheBuildPrepared() {
    URL prepared =
        IngotApplication.class.getResource("IngotApplication__ApplicationContextInitializer.class");
    if (prepared != null && prepared.getProtocol().equals("jar")) {
      System.setProperty("spring.aot.enabled", "true");
    }
  }
}
