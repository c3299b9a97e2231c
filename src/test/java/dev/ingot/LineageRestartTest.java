package dev.ingot;

import static dev.ingot.testing.LineageReceiver.said;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.fault.StartupFailure;
import dev.ingot.materialization.Claim;
import dev.ingot.materialization.MaterializationStore;
import dev.ingot.project.PackageKey;
import dev.ingot.testing.LineageReceiver;
import dev.ingot.testing.Models;
import dev.ingot.testing.OpenLineage;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Ports;
import dev.ingot.testing.Server;
import dev.ingot.testing.SharedServers;
import dev.ingot.testing.Wait;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Receivers that are away, servers that end, and files. */
class LineageRestartTest {

  @TempDir Path folder;

  private static PackageApi register(Server server) {
    PackageFiles.orders(server.packageFolder("shop"), Models.CHAIN);
    return server.register("shop");
  }

  @Test
  void whatNobodyHeardIsToldAfterARestartAndALostRunHasAnEnd() throws IOException {
    int port = Ports.free();
    String url = "ingot.lineage.url=http://127.0.0.1:%d/lineage".formatted(port);
    String built;
    String lost;
    try (Server first = Server.start(folder, url)) {
      PackageApi p = register(first);
      built = p.buildOk().path("id").asString();
      lost = p.create("{}");
      Claim claim =
          first
              .bean(MaterializationStore.class)
              .claim(PackageKey.of("p", "shop"), lost, Instant.now());
      assertThat(claim).isInstanceOf(Claim.Granted.class);
    }

    try (LineageReceiver late = LineageReceiver.on(port);
        Server second = Server.start(folder, url)) {
      List<JsonNode> events = late.ended(lost);
      assertThat(said(events)).containsExactly("START p.shop", "FAIL p.shop");
      assertThat(
              events
                  .getLast()
                  .path("run")
                  .path("facets")
                  .path("errorMessage")
                  .path("message")
                  .asString())
          .isEqualTo("worker_lost");
      assertThat(said(late.events(built)))
          .startsWith("START p.shop")
          .endsWith("COMPLETE p.shop")
          .hasSize(10);
      assertThat(late.heard().getLast().body()).contains(lost);
      assertThat(second.client().get("/api/v0/projects/p/webhooks/deliveries").json()).isEmpty();
    }
  }

  @Test
  void aFileHasALineForEachEventWhateverIsLeftInIt() throws IOException {
    Path file = folder.resolve("home/lineage.jsonl");
    try (Server server = Server.start(folder, "ingot.lineage.file=lineage.jsonl")) {
      PackageApi p = register(server);
      String run = p.buildOk().path("id").asString();
      Wait.until("its end is there", () -> lines(file).size() == 10);
      assertThat(said(lines(file).stream().map(OpenLineage::read).toList()))
          .startsWith("START p.shop")
          .endsWith("COMPLETE p.shop");
      assertThat(lines(file).getLast()).contains(run);

      // As a full disk leaves it, in the middle of a line; and then it is moved away.
      Files.writeString(file, "{\"half", StandardOpenOption.APPEND);
      p.buildOk();
      Wait.until("two more", () -> lines(file).size() == 13);
      OpenLineage.read(lines(file).get(11));
      OpenLineage.read(lines(file).get(12));
      Files.move(file, folder.resolve("moved"));
      p.buildOk();
      Wait.until("it begins anew", () -> lines(file).size() == 2);
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void aFileThatCantBeWrittenIsTriedAgain() throws IOException {
    Path file = Files.createDirectories(folder.resolve("home/taken"));
    try (Server server =
        Server.start(folder, "ingot.lineage.file=" + file, "ingot.lineage.first-retry=50ms")) {
      register(server).buildOk();
      Files.delete(file);

      Wait.until("it is told", () -> lines(file).size() == 10);
    }
  }

  @Test
  void ofServersThatShareAProjectOneTells() {
    try (LineageReceiver receiver = LineageReceiver.on(0);
        SharedServers servers = SharedServers.over(folder)) {
      for (int i = 0; i < 3; i++) {
        servers.start(receiver.setting());
      }
      List<PackageApi> on = servers.register("shop", Models.CHAIN);
      String last = "";
      for (PackageApi each : on) {
        last = each.buildOk("{\"forceRefresh\":true}").path("id").asString();
      }

      assertThat(said(receiver.ended(last))).hasSize(10);
      JsonNode end = receiver.ended(last).getLast();
      assertThat(LineageReceiver.named(end.path("outputs").get(0)))
          .startsWith("file " + folder.resolve("tables/p/shop/main."));
      List<String> bodies = receiver.heard().stream().map(one -> one.body()).toList();
      assertThat(bodies).hasSize(30);
      assertThat(new HashSet<>(bodies)).hasSize(30);
    }
  }

  @Test
  void whoeverTakesOverFromALostServerTellsItsEnd() {
    try (LineageReceiver receiver = LineageReceiver.on(0);
        SharedServers servers = SharedServers.over(folder)) {
      servers.start(receiver.setting());
      servers.start(receiver.setting());
      List<PackageApi> on = servers.register("shop", Models.CHAIN);
      String lost = on.getFirst().create("{}");
      servers
          .server(0)
          .bean(MaterializationStore.class)
          .claim(PackageKey.of("p", "shop"), lost, Instant.now());
      servers.server(0).close();

      Wait.until(
          "the lease is over",
          () ->
              servers
                      .server(1)
                      .client()
                      .post(on.getLast().path() + "/materializations", "{\"start\":true}")
                      .status()
                  == 201);

      assertThat(said(receiver.ended(lost))).containsExactly("START p.shop", "FAIL p.shop");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ingot.lineage.url=ftp://host/lineage",
        "ingot.lineage.url=http://somebody:secret-word@host/lineage",
        "ingot.lineage.url=http://ho st/secret-word",
        "ingot.lineage.url=secret-word"
      })
  void aUrlThatCantBeUsedIsSaidWithoutIt(String setting) {
    assertThatThrownBy(() -> Server.start(folder, setting))
        .rootCause()
        .isInstanceOf(StartupFailure.class)
        .hasMessageContaining("ingot.lineage.url")
        .hasMessageNotContaining("secret-word");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ingot.lineage.api-key=two secret-words",
        "ingot.lineage.api-key-file=/nowhere/secret",
        "ingot.lineage.timeout=0s",
        "ingot.lineage.namespace="
      })
  void settingsThatCantBeUsedAreRefused(String setting) {
    assertThatThrownBy(() -> Server.start(folder, "ingot.lineage.url=http://host/", setting))
        .rootCause()
        .satisfies(cause -> assertThat(cause.toString()).doesNotContain("secret-words"));
  }

  @Test
  void oneOfUrlAndFileIsEnough() {
    assertThatThrownBy(
            () -> Server.start(folder, "ingot.lineage.url=http://host/", "ingot.lineage.file=x"))
        .rootCause()
        .hasMessageContaining("ingot.lineage.file");
  }
}
