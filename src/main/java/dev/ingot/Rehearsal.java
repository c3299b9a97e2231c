package dev.ingot;

import dev.ingot.threads.Tasks;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import tools.jackson.databind.JsonNode;

/**
 * With {@code ingot.rehearse=true}, does once what servers do, with the sample in a new home, and
 * ends: what Java learns in it, for its AOT cache, is more than a start alone can teach it.
 */
@Component
class Rehearsal {

  private static final Logger log = LoggerFactory.getLogger(Rehearsal.class);
  private static final String PACKAGE = "/api/v0/projects/demo/packages/flights";
  private static final String QUERY = PACKAGE + "/models/rush_hours.malloy/query";
  private static final String NAME = "busiest_hours";
  private static final List<String> LOOKS =
      List.of(
          "/",
          "/api/v0/status",
          "/api/v0/sign-ins",
          "/api/v0/projects",
          "/api/v0/projects/demo/packages",
          PACKAGE,
          PACKAGE + "/models",
          PACKAGE + "/models/rush_hours.malloy",
          PACKAGE + "/manifest",
          PACKAGE + "/materializations",
          PACKAGE + "/plan");
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** So often is it asked for: a text that comes again goes another way than a new one. */
  private static final int TIMES = 3;

  private final boolean wanted;
  private final Tasks tasks;
  private final Environment environment;

  Rehearsal(
      @Value("${ingot.rehearse:false}") boolean wanted, Tasks tasks, Environment environment) {
    this.wanted = wanted;
    this.tasks = tasks;
    this.environment = environment;
  }

  @EventListener(ApplicationReadyEvent.class)
  void begin() {
    if (wanted) {
      tasks.start("rehearsal", this::carryOut);
    }
  }

  private void carryOut() {
    int exitCode = 1;
    try {
      rehearse(
          RestClient.create(
              "http://127.0.0.1:" + environment.getRequiredProperty("local.server.port")));
      exitCode = 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      log.error("The rehearsal failed: it needs a new home, with the sample in it", e);
    }
    System.exit(exitCode);
  }

  private static void rehearse(RestClient server) throws InterruptedException {
    awaitTrue("it is ready", () -> isReady(server));
    build(server);
    for (String look : LOOKS) {
      server.get().uri(look).retrieve().toBodilessEntity();
    }
    for (int time = 0; time < TIMES; time++) {
      server
          .post()
          .uri(QUERY)
          .body(Map.of("queryName", NAME, "compactJson", true))
          .retrieve()
          .toBodilessEntity();
      server
          .get()
          .uri(QUERY + "?queryName=" + NAME)
          .header(HttpHeaders.ACCEPT, time == 0 ? "text/csv" : "application/json")
          .retrieve()
          .toBodilessEntity();
    }
  }

  private static void build(RestClient server) throws InterruptedException {
    String runs = PACKAGE + "/materializations";
    JsonNode created = server.post().uri(runs).retrieve().requiredBody(JsonNode.class);
    String run = runs + "/" + created.path("id").asString();
    server.post().uri(run + "/start").retrieve().toBodilessEntity();
    awaitTrue("the sample is built", () -> !status(server, run).equals("RUNNING"));
    String status = status(server, run);
    if (!status.equals("SUCCESS")) {
      throw new IllegalStateException("the sample's build is " + status);
    }
  }

  private static String status(RestClient server, String run) {
    return server.get().uri(run).retrieve().requiredBody(JsonNode.class).path("status").asString();
  }

  private static boolean isReady(RestClient server) {
    return Boolean.TRUE.equals(
        server
            .get()
            .uri("/health/readiness")
            .exchange((request, answer) -> answer.getStatusCode().is2xxSuccessful()));
  }

  private static void awaitTrue(String what, BooleanSupplier isSo) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!isSo.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("after %s still not: %s".formatted(PATIENCE, what));
      }
      Thread.sleep(PAUSE);
    }
  }
}
