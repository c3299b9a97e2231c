package dev.ingot;

import static dev.ingot.testing.LineageReceiver.said;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.LineageReceiver;
import dev.ingot.testing.Models;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Server;
import dev.ingot.testing.Wait;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Who is told of builds, and doesn't take it, or takes it later. */
class LineageFaultsTest {

  @TempDir static Path folder;
  private static final AtomicInteger packages = new AtomicInteger();
  private static LineageReceiver receiver;
  private static Server server;

  private final String name = "shop" + packages.incrementAndGet();

  @BeforeAll
  static void start() {
    receiver = LineageReceiver.on(0);
    server = Server.start(folder, receiver.setting(), "ingot.lineage.first-retry=50ms");
  }

  @AfterAll
  static void stop() {
    server.close();
    receiver.close();
  }

  private PackageApi register(String model) {
    PackageFiles.orders(server.packageFolder(name), model);
    return server.register(name);
  }

  private static String id(JsonNode run) {
    return run.path("id").asString();
  }

  @Test
  void aReceiverThatWasDownHearsAllInOrder() {
    PackageApi p = register(Models.CHAIN);
    List<String> runs = new ArrayList<>();
    receiver.answers(one -> 503);
    try {
      for (int i = 0; i < 3; i++) {
        runs.add(id(p.buildOk("{\"forceRefresh\":true}")));
      }
      Wait.until("it was tried again", () -> receiver.events(runs.getFirst()).size() > 2);
      assertThat(said(receiver.events(runs.getFirst()))).containsOnly("START p." + name);
      assertThat(receiver.events(runs.getLast())).isEmpty();
    } finally {
      receiver.answers(one -> 201);
    }

    receiver.ended(runs.getLast());
    List<String> order = new ArrayList<>();
    for (var heard : receiver.heard()) {
      for (String run : runs) {
        if (heard.body().contains(run) && !heard.body().contains("\"parent\"")) {
          order.add(run + heard.json().path("eventType").asString());
        }
      }
    }
    assertThat(order.stream().distinct())
        .containsExactlyElementsOf(
            runs.stream()
                .flatMap(run -> List.of(run + "START", run + "COMPLETE").stream())
                .toList());
  }

  @Test
  void whatIsTooLargeForHimHoldsNothingElseUp() {
    PackageApi p = register(Models.CHAIN);
    receiver.answers(one -> one.body().contains("duckdb.base") ? 413 : 201);
    try {
      String run = id(p.buildOk());

      long sent =
          receiver.ended(run).stream()
              .filter(event -> event.toString().contains(name + ".duckdb.base\""))
              .count();
      assertThat(sent).as("each of the two once").isEqualTo(2);
    } finally {
      receiver.answers(one -> 201);
    }
  }

  @Test
  void whatIsNotToldOutlivesItsProject() {
    server.client().post("/api/v0/projects", "{\"name\":\"gone\"}").expect(201);
    PackageFiles.orders(server.packageFolder(name), Models.CHAIN);
    String packages = "/api/v0/projects/gone/packages";
    server
        .client()
        .post(
            packages,
            "{\"name\":\"%s\",\"location\":\"%s\"}".formatted(name, server.packageFolder(name)))
        .expect(201);
    receiver.answers(one -> 503);
    String run;
    try {
      run = id(new PackageApi(server.client(), packages + "/" + name).buildOk());
      server.client().delete("/api/v0/projects/gone").expect(204);
    } finally {
      receiver.answers(one -> 201);
    }

    assertThat(said(receiver.ended(run))).endsWith("COMPLETE gone." + name);
  }
}
