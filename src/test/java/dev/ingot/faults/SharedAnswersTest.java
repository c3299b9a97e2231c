package dev.ingot.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Answer;
import dev.ingot.testing.Models;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.Server;
import dev.ingot.testing.SharedServers;
import dev.ingot.testing.Wait;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers from the files of a shared project's tables are kept as those from tables are. */
class SharedAnswersTest {

  private static final String MODEL =
      Models.BY_CUSTOMER + "query: all_of_it is by_customer -> { select: *; order_by: customer }\n";

  @TempDir static Path folder;
  private static SharedServers servers;
  private static Server first;
  private static Server second;

  @BeforeAll
  static void start() {
    servers = SharedServers.over(folder);
    first = servers.start();
    second = servers.start("ingot.follow-manifest=true");
  }

  @AfterAll
  static void stop() {
    servers.close();
  }

  private static HttpRequest.Builder request(Server server, PackageApi of) {
    return server
        .client()
        .request(of.path() + "/models/orders.malloy/query?queryName=all_of_it&compactJson=true");
  }

  private static Answer get(Server server, PackageApi of) {
    return server.client().send(request(server, of)).expect(200);
  }

  private static int status(Server server, PackageApi of, String tag) {
    return server.client().send(request(server, of).header("If-None-Match", tag)).status();
  }

  private static boolean cached(Answer answer) {
    return answer.json().path("cached").booleanValue();
  }

  @Test
  void eachServerKeepsThemUnderOneTagUntilTheNextVersion() {
    List<PackageApi> on = servers.register("kept", MODEL);
    on.getFirst().buildOk();
    Answer answer = get(first, on.getFirst());
    Wait.until("the second follows", () -> get(second, on.getLast()).json().path("live").isEmpty());

    assertThat(answer.json().path("materialized")).hasSize(1);
    assertThat(cached(get(first, on.getFirst()))).isTrue();
    assertThat(cached(get(second, on.getLast()))).isTrue();
    assertThat(status(second, on.getLast(), answer.header("ETag"))).isEqualTo(304);

    on.getFirst().build("{\"forceRefresh\":true}");

    assertThat(status(first, on.getFirst(), answer.header("ETag"))).isEqualTo(200);
    Wait.until(
        "the second has it too", () -> status(second, on.getLast(), answer.header("ETag")) == 200);
  }

  @Test
  void aFileThatSomebodyDeletedIsNoticedThoughNobodyReadsIt() throws IOException {
    PackageApi p = servers.register("deleted", MODEL).getFirst();
    p.buildOk();
    Answer kept = get(first, p);
    assertThat(cached(get(first, p))).isTrue();

    try (Stream<Path> files = Files.list(folder.resolve("tables/p/deleted"))) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }

    Wait.until("a live answer", () -> !get(first, p).json().path("live").isEmpty());
    assertThat(get(first, p).json().path("result")).isEqualTo(kept.json().path("result"));
  }
}
