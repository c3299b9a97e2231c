package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Answer;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Refusal;
import dev.ingot.testing.Server;
import dev.ingot.testing.SlowSql;
import dev.ingot.testing.Wait;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;

/** A location that is a link, which is set to another folder with each revision. */
class SwitchedLinkTest {

  private static final String MODEL =
      """
      source: orders is duckdb.table('data/orders.csv')
      #@ persist
      source: totals is orders -> { group_by: customer; aggregate: total is amount.sum() }
      source: lengthy is duckdb.sql(
        "select hash(a.range, b.range) as h from range(20000) a, range(2000) b")
      """;
  private static final String MOST = "run: totals -> { aggregate: most is total.max() }";
  private static final String BUSY = "run: lengthy -> { aggregate: x is max(h) }";
  private static final String FIRST = "[{\"most\":110}]";
  private static final String SECOND = "[{\"most\":7}]";

  @TempDir static Path folder;
  private static Server server;

  @BeforeAll
  static void start() {
    server = Server.start(folder);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"?reload=true", "/manifest/reload", "/manifest?action=reload"})
  void aReloadReadsWhereTheLinkLeadsNow(String reload) throws IOException {
    PackageApi api = revisions("reload-" + reload.replaceAll("\\W", ""));
    api.buildOk();

    assertThat(resource(api).path("stale").asBoolean()).isFalse();
    switchTo(api, 2);
    assertThat(resource(api).path("stale").asBoolean()).isTrue();
    delete(api, 1);
    if (reload.startsWith("?")) {
      server.client().get(api.path() + reload).expect(200);
    } else {
      server.client().post(api.path() + reload).expect(200);
    }

    assertThat(resource(api).path("stale").asBoolean()).isFalse();
    assertThat(resource(api).path("error").isNull()).isTrue();
    Answer live = api.query("orders.malloy", MOST).expect(200);
    assertThat(live.rows()).hasToString(SECOND);
    assertThat(live.json().path("live").path(0).path("reason").asString()).isEqualTo("MOVED");
  }

  @Test
  void aRunBuildsFromWhereTheLinkLeadsNow() throws IOException {
    PackageApi api = revisions("run");
    api.buildOk();
    assertThat(api.rows("orders.malloy", MOST)).hasToString(FIRST);
    switchTo(api, 2);
    delete(api, 1);

    assertThat(api.plan("").path("targets").path(0).path("reason").asString()).isEqualTo("MOVED");
    assertThat(api.rows("orders.malloy", MOST)).as("the tables that are served").hasToString(FIRST);
    JsonNode run = api.buildOk();

    assertThat(PackageApi.target(run, "totals").path("reason").asString()).isEqualTo("MOVED");
    Answer after = api.query("orders.malloy", MOST).expect(200);
    assertThat(after.rows()).hasToString(SECOND);
    assertThat(after.json().path("live")).isEmpty();
    assertThat(resource(api).path("stale").asBoolean()).isFalse();
    assertThat(PackageApi.target(api.buildOk(), "totals").path("status").asString())
        .isEqualTo("REUSED");
  }

  @Test
  void aRunThatFailsInTheNewFolderLeavesWhatIsServed() throws IOException {
    PackageApi api = revisions("failing");
    api.buildOk();
    revision(api, 2).model("orders.malloy", "source: orders is nothing");
    switchTo(api, 2);
    delete(api, 1);

    assertThat(api.build().path("status").asString()).isEqualTo("FAILED");

    Answer answer = api.query("orders.malloy", MOST).expect(200);
    assertThat(answer.rows()).hasToString(FIRST);
    assertThat(answer.json().path("live")).isEmpty();
    assertThat(resource(api).path("stale").asBoolean()).isTrue();
  }

  @Test
  void aFolderThatCannotBeReadLeavesWhatIsServed() throws IOException {
    PackageApi api = revisions("unreadable");
    api.buildOk();
    Files.delete(revision(api, 2).folder().resolve("publisher.json"));
    switchTo(api, 2);

    Refusal.check(reload(api), 400, "invalid_package", "publisher.json");
    assertThat(api.rows("orders.malloy", MOST)).hasToString(FIRST);
    assertThat(resource(api).path("error").asString()).contains("publisher.json");
    switchTo(api, 1);
    reload(api).expect(200);
    assertThat(resource(api).path("error").isNull()).isTrue();
  }

  @Test
  void aLinkThatLeadsOutOfTheRootsOrNowhereIsRefused(@TempDir Path elsewhere) throws IOException {
    PackageApi api = revisions("outside");
    api.buildOk();
    PackageFiles.orders(elsewhere.resolve("package"), MODEL);

    set(link(api), elsewhere.resolve("package"));
    Refusal.check(reload(api), 400, "invalid_location", "ingot.package-roots");
    set(link(api), Path.of("none"));
    Refusal.check(reload(api), 400, "invalid_location", "does not exist");

    assertThat(resource(api).path("error").asString()).contains("does not exist");
    assertThat(api.rows("orders.malloy", MOST)).hasToString(FIRST);
  }

  @Test
  void aLinkOnTheWayToThePackageIsFollowedToo() throws IOException {
    PackageApi api = revisions("way");
    Path to = server.packageFolder("to");
    Path way = to.resolve("way");
    PackageFiles.orders(server.packageFolder("to-1/way"), MODEL);
    PackageFiles.orders(server.packageFolder("to-2/way"), MODEL)
        .file("data/orders.csv", "id,customer,item,amount\n1,ann,pen,7\n");
    set(to, Path.of("to-1"));
    server.client().patch(api.path(), "{\"location\":\"%s\"}".formatted(way)).expect(200);

    set(to, Path.of("to-2"));
    reload(api).expect(200);

    assertThat(api.rows("orders.malloy", MOST)).hasToString(SECOND);
  }

  @Test
  void filesThatAreLinksThroughASwitchedOneAreReadAgain() throws IOException {
    Path mount = server.packageFolder("mounted");
    PackageFiles.orders(mount.resolve("..1"), MODEL);
    PackageFiles.orders(mount.resolve("..2"), MODEL.replace("amount.sum()", "sum(amount) + 1"))
        .file("data/orders.csv", "id,customer,item,amount\n1,ann,pen,6\n");
    set(mount.resolve("..data"), Path.of("..1"));
    for (String name : Set.of("publisher.json", "orders.malloy", "data")) {
      Files.createSymbolicLink(mount.resolve(name), Path.of("..data", name));
    }
    PackageApi api = server.register("mounted");
    assertThat(api.rows("orders.malloy", MOST)).hasToString(FIRST);

    set(mount.resolve("..data"), Path.of("..2"));
    delete(mount.resolve("..1"));
    assertThat(resource(api).path("stale").asBoolean()).isTrue();
    api.buildOk();

    assertThat(api.rows("orders.malloy", MOST)).hasToString(SECOND);
  }

  @Test
  void thePackageIsMovedToTheFolderThatTheLinkLedToBefore() throws IOException {
    PackageApi api = revisions("back");
    switchTo(api, 2);
    reload(api).expect(200);

    server
        .client()
        .patch(api.path(), "{\"location\":\"%s\"}".formatted(revision(api, 1).folder()))
        .expect(200);

    assertThat(api.rows("orders.malloy", MOST)).hasToString(FIRST);
  }

  @Test
  void nobodyGoesToTheNewFolderBesideARunThatBuildsFromTheOld() throws IOException {
    PackageApi api = revisions("busy");
    revision(api, 1)
        .model(
            "orders.malloy",
            MODEL
                + "#@ persist\nsource: slow is duckdb.sql(\"\"\"%s\"\"\") -> { aggregate: x is max(h) }"
                    .formatted(SlowSql.SELECT));
    String id = api.create("{}");
    api.start(id);
    Wait.until(
        "the run builds",
        () ->
            api.get(id)
                .path("targets")
                .valueStream()
                .anyMatch(target -> target.path("status").asString().equals("RUNNING")));
    switchTo(api, 2);

    Refusal.check(reload(api), 409, "package_busy", "RUNNING");
    Refusal.check(server.client().get(api.path() + "/plan"), 409, "package_busy", "RUNNING");
    server.client().post(api.path() + "/materializations/" + id + "/stop").expect(200);

    reload(api).expect(200);
    assertThat(api.rows("orders.malloy", MOST)).hasToString(SECOND);
  }

  /** There is never a moment without a query. */
  @Test
  void everyQueryIsAnsweredFromOneFolderOrTheOther() throws IOException {
    PackageApi api = revisions("restless");
    var switching = new AtomicBoolean(true);
    List<CompletableFuture<Set<String>>> readers =
        Stream.generate(() -> CompletableFuture.supplyAsync(() -> answers(api, switching)))
            .limit(4)
            .toList();
    for (int i = 0; i < 4; i++) {
      switchTo(api, 2 - i % 2);
      reload(api).expect(200);
      assertThat(api.rows("orders.malloy", MOST)).hasToString(i % 2 == 0 ? SECOND : FIRST);
    }
    switching.set(false);

    for (CompletableFuture<Set<String>> reader : readers) {
      assertThat(reader.join()).isSubsetOf(FIRST, SECOND).isNotEmpty();
    }
  }

  private static Set<String> answers(PackageApi api, AtomicBoolean switching) {
    var answers = new HashSet<String>();
    while (switching.get()) {
      api.rows("orders.malloy", BUSY);
      answers.add(api.rows("orders.malloy", MOST).toString());
    }
    return answers;
  }

  @Test
  void aServerThatWasDownMeanwhileServesWhereTheLinkLeadsNow(@TempDir Path own) throws IOException {
    try (Server first = Server.start(own)) {
      PackageFiles.orders(first.packageFolder("one"), MODEL);
      PackageFiles.orders(first.packageFolder("two"), MODEL)
          .file("data/orders.csv", "id,customer,item,amount\n1,ann,pen,7\n");
      set(first.packageFolder("current"), Path.of("one"));
      first.register("current").buildOk();
      set(first.packageFolder("current"), Path.of("two"));
      delete(first.packageFolder("one"));
    }
    try (Server second = Server.start(own)) {
      var api = new PackageApi(second.client(), "/api/v0/projects/p/packages/current");
      assertThat(api.rows("orders.malloy", MOST)).hasToString(SECOND);
      api.buildOk();
      assertThat(api.rows("orders.malloy", MOST)).hasToString(SECOND);
    }
  }

  /** A package with two revisions, whose most are 110 and 7, and a link to the first. */
  private static PackageApi revisions(String name) throws IOException {
    PackageFiles.orders(server.packageFolder(name + "-1"), MODEL);
    PackageFiles.orders(server.packageFolder(name + "-2"), MODEL)
        .file("data/orders.csv", "id,customer,item,amount\n1,ann,pen,7\n");
    set(server.packageFolder(name), Path.of(name + "-1"));
    return server.register(name);
  }

  private static PackageFiles revision(PackageApi api, int number) {
    return PackageFiles.create(Path.of(link(api) + "-" + number));
  }

  private static Path link(PackageApi api) {
    return server.packageFolder(api.path().substring(api.path().lastIndexOf('/') + 1));
  }

  private static void switchTo(PackageApi api, int number) throws IOException {
    set(link(api), Path.of(link(api).getFileName() + "-" + number));
  }

  /** In one step, as those do who publish like this. */
  private static void set(Path link, Path target) throws IOException {
    Path next = link.resolveSibling(".next");
    Files.createSymbolicLink(next, target);
    Files.move(next, link, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void delete(PackageApi api, int number) throws IOException {
    delete(revision(api, number).folder());
  }

  private static void delete(Path folder) throws IOException {
    FileSystemUtils.deleteRecursively(folder);
  }

  private static JsonNode resource(PackageApi api) {
    return server.client().get(api.path()).expect(200).json();
  }

  private static Answer reload(PackageApi api) {
    return server.client().post(api.path() + "/manifest/reload");
  }
}
