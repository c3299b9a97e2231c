package dev.ingot.testing;

import java.time.Duration;
import org.testcontainers.containers.ContainerFetchException;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * A real PostgreSQL for the tests of this JVM: an existing one, whose superuser's URL {@code
 * -Dingot.test.postgres} gives; else a container where Docker answers; else one of its own as a
 * process.
 */
public final class TestPostgres {

  private static final String SETTING = "ingot.test.postgres";
  private static final String IMAGE = "postgres:18";

  private TestPostgres() {}

  /** A new and empty database on the shared server. */
  public static TestDatabase database() {
    return Shared.SERVER.create();
  }

  /** A server of the test's own, which it can stop and start. */
  public static OwnPostgres own() {
    return OwnPostgres.start();
  }

  private static final class Shared {

    static final PostgresAddress SERVER = start();

    private static PostgresAddress start() {
      String given = System.getProperty(SETTING, "");
      if (!given.isEmpty()) {
        PostgresAddress address = PostgresAddress.parse(given);
        say("the one of -D%s, at %s:%d".formatted(SETTING, address.host(), address.port()));
        return address;
      }
      return dockerAnswers() ? container() : embedded("no Docker answers");
    }

    /** Asked first, because Testcontainers tells at length what it didn't find. */
    private static boolean dockerAnswers() {
      return Commands.tryRun(Duration.ofSeconds(5), "docker", "info", "--format", "{{.ID}}")
          .exitCode()
          .filter(code -> code == 0)
          .isPresent();
    }

    @SuppressWarnings("resource") // It ends with this JVM.
    private static PostgresAddress container() {
      var container = new PostgreSQLContainer(IMAGE);
      try {
        container.start();
      } catch (ContainerFetchException e) {
        return embedded("Docker has no " + IMAGE + ": " + e.getMessage());
      }
      say("a container of " + IMAGE);
      return new PostgresAddress(
          container.getHost(),
          container.getFirstMappedPort(),
          container.getUsername(),
          container.getPassword(),
          container.getDatabaseName());
    }

    @SuppressWarnings("resource") // It ends with this JVM.
    private static PostgresAddress embedded(String why) {
      PostgresAddress address = OwnPostgres.start().address();
      say("one of the tests' own at port %d (%s)".formatted(address.port(), why));
      return address;
    }

    private static void say(String which) {
      System.out.println("PostgreSQL for tests: " + which);
    }
  }
}
