package dev.ingot.materialization;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Client;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Refusal;
import dev.ingot.testing.Server;
import dev.ingot.testing.SlowSql;
import dev.ingot.testing.Wait;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Events of runs: nothing is lost, nothing told twice, and nothing left behind. */
class RunEventsTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int TARGETS = 60;
  private static final int CUTS = 50;
  private static final int VANISHING = 1000;

  /** The run's own threads, and those of servers that other tests left in this JVM. */
  private static final int FEW = VANISHING / 10;

  private static final String ENDLESS =
      """
      source: numbers is duckdb.sql(\"""%s\""")
      #@ persist name="endless"
      source: endless is numbers -> { aggregate: x is max(h) }
      """
          .formatted(SlowSql.SELECT);

  @TempDir static Path folder;
  private static Server server;
  private static Client client;
  private static PackageApi wide;
  private static PackageApi slow;

  /** One event as it was sent. */
  private record Event(String id, String name, JsonNode data) {

    long number() {
      return Long.parseLong(id.substring(id.indexOf('.') + 1));
    }
  }

  @BeforeAll
  static void start() {
    // With more, DuckDB doesn't tell how far what has a single task is, when another thread took
    // it.
    server = Server.start(folder, "ingot.duckdb.threads=1");
    client = server.client();
    var model = new StringBuilder();
    for (int i = 0; i < TARGETS; i++) {
      model.append(
          """
          #@ persist
          source: t%d is duckdb.table('data/orders.csv') -> { group_by: customer; aggregate: n is count() + %d }
          """
              .formatted(i, i));
    }
    PackageFiles.orders(server.packageFolder("wide"), model.toString());
    wide = server.register("wide");
    PackageFiles.orders(server.packageFolder("slow"), ENDLESS);
    slow = server.register("slow");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @AfterEach
  void nobodyIsToldAnyMore() {
    for (JsonNode run :
        client.get(slow.path() + "/materializations?status=RUNNING").expect(200).json()) {
      client.post(path(slow, run.path("id").asString()) + "/stop").expect(200);
    }
    Wait.until("nobody is told", () -> server.bean(RunEvents.class).count() == 0);
  }

  private static String path(PackageApi pack, String id) {
    return pack.path() + "/materializations/" + id;
  }

  /**
   * The events until one is the last that is wanted, or none comes any more.
   *
   * @param after null for the first time
   */
  private static List<Event> read(String run, @Nullable String after, Predicate<Event> last)
      throws IOException {
    var request = client.request(run + "/events").GET();
    if (after != null) {
      request.header("Last-Event-ID", after);
    }
    HttpResponse<InputStream> answer = client.open(request);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .startsWith("text/event-stream");
    var events = new ArrayList<Event>();
    try (var lines = new BufferedReader(new InputStreamReader(answer.body(), UTF_8))) {
      var fields = new LinkedHashMap<String, String>();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isEmpty()) {
          int colon = line.indexOf(": ");
          if (colon > 0) {
            fields.put(line.substring(0, colon), line.substring(colon + 2));
          }
        } else if (fields.containsKey("data")) {
          var event =
              new Event(
                  fields.getOrDefault("id", ""),
                  fields.getOrDefault("event", ""),
                  JSON.readTree(fields.getOrDefault("data", "")));
          events.add(event);
          fields.clear();
          if (last.test(event)) {
            return events;
          }
        }
      }
    }
    return events;
  }

  /** What a client knows who has put together all that it was told. */
  private static Map<String, String> statuses(List<Event> events) {
    var known = new LinkedHashMap<String, String>();
    for (Event event : events) {
      switch (event.name()) {
        case "state" -> {
          known.clear();
          event
              .data()
              .path("targets")
              .forEach(target ->
                  known.put(target.path("tableName").asString(), target.path("status").asString()));
        }
        case "target" ->
            known.put(
                event.data().path("tableName").asString(), event.data().path("status").asString());
        default -> {}
      }
    }
    return known;
  }

  @Test
  void whoComesLateGetsTheStateFirstAndThenEveryChange() throws IOException {
    String id = slow.create("{\"forceRefresh\":true}");
    slow.start(id);
    String run = path(slow, id);

    List<Event> seen =
        read(
            run,
            null,
            event ->
                event.name().equals("state")
                    || event.data().path("status").asString().equals("RUNNING"));
    assertThat(seen.getFirst().name()).isEqualTo("state");
    assertThat(seen.getFirst().data().path("status").asString()).isEqualTo("RUNNING");
    Wait.until(
        "its table is being built",
        () ->
            client
                .get(run)
                .json()
                .path("targets")
                .path(0)
                .path("status")
                .asString()
                .equals("RUNNING"));
    List<Event> moving = read(run, seen.getLast().id(), event -> event.name().equals("progress"));
    assertThat(moving.getLast().data().path("percent").asDouble()).isBetween(0.0, 100.0);
    assertThat(moving.getLast().data().path("buildId").asString())
        .isEqualTo(client.get(run).json().path("targets").path(0).path("buildId").asString());
    client.post(run + "/stop").expect(200);

    List<Event> rest = read(run, seen.getLast().id(), event -> false);

    assertThat(rest.getLast().name()).isEqualTo("end");
    assertThat(rest.getLast().data().path("status").asString()).isEqualTo("CANCELLED");
    assertThat(client.send(client.request(run + "/events").header("Last-Event-ID", "end")).status())
        .isEqualTo(204);
    List<Event> again = read(run, "0.0", event -> false);
    assertThat(again).extracting(Event::name).containsExactly("state", "end");
  }

  @Test
  void aStreamThatIsCutLosesNothingAndTellsNothingTwice() throws IOException {
    long seed = Long.getLong("ingot.test.seed", System.nanoTime());
    var random = new Random(seed);
    String id = wide.create("{\"forceRefresh\":true}");
    String run = path(wide, id);
    var all = new ArrayList<>(read(run, null, event -> event.name().equals("state")));
    wide.start(id);
    int cuts = 0;
    while (!all.getLast().name().equals("end")) {
      int[] left = {cuts < CUTS ? 1 + random.nextInt(4) : Integer.MAX_VALUE};
      all.addAll(read(run, all.getLast().id(), event -> --left[0] == 0));
      cuts++;
    }

    System.out.printf("seed %d: %d events, cut %d times%n", seed, all.size(), cuts);
    assertThat(all.getLast().data().path("status").asString()).isEqualTo("SUCCESS");
    List<Event> between = all.subList(1, all.size() - 1);
    assertThat(between).extracting(Event::name).doesNotContain("state");
    for (int i = 0; i < between.size(); i++) {
      assertThat(between.get(i).number())
          .as("seed %d", seed)
          .isEqualTo(all.getFirst().number() + i + 1);
    }
    assertThat(statuses(all))
        .hasSize(TARGETS)
        .containsValue("BUILT")
        .doesNotContainValue("PENDING");
    JsonNode record = client.get(run).expect(200).json();
    record
        .path("targets")
        .forEach(target ->
            assertThat(statuses(all))
                .containsEntry(
                    target.path("tableName").asString(), target.path("status").asString()));
  }

  @Test
  void clientsThatVanishLeaveNothingBehind() throws IOException {
    String id = slow.create("{\"forceRefresh\":true}");
    slow.start(id);
    URI address = URI.create(client.url());
    String request = "GET %s/events HTTP/1.1\r\nHost: localhost\r\n\r\n".formatted(path(slow, id));
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    var sockets = new ArrayList<Socket>();
    for (int i = 0; i < VANISHING; i++) {
      var socket = new Socket(address.getHost(), address.getPort());
      socket.getOutputStream().write(request.getBytes(UTF_8));
      sockets.add(socket);
    }
    var events = server.bean(RunEvents.class);
    Wait.until("all are told", () -> events.count() == VANISHING);
    for (Socket socket : sockets) {
      socket.close();
    }

    Wait.until("none is told any more", () -> events.count() == 0);
    assertThat(threads())
        .filteredOn(thread -> !before.contains(thread))
        .extracting(Thread::getName)
        .hasSizeLessThan(FEW);
    client.post(path(slow, id) + "/stop").expect(200);
  }

  /** Without the web server's own, which it keeps for the next requests. */
  private static List<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !thread.getName().startsWith("http-nio"))
        .toList();
  }

  @Test
  void aRunThatIsNotThereHasNoEvents() {
    Refusal.check(
        client.send(
            client.request(path(wide, "none") + "/events").header("Accept", "text/event-stream")),
        404,
        "materialization_not_found");
  }

  @Test
  void aRunThatIsDeletedEndsItsStream() throws IOException {
    String id = wide.create("{}");
    String run = path(wide, id);
    List<Event> seen =
        read(
            run,
            null,
            event -> {
              if (event.name().equals("state")) {
                client.post(run + "/stop").expect(200);
              }
              return false;
            });
    assertThat(seen.getLast().name()).isEqualTo("end");
    client.delete(run).expect(204);
    Refusal.check(client.get(run + "/events"), 404, "materialization_not_found");
  }
}
