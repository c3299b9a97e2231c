package dev.ingot.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.manifest.SharedServing;
import dev.ingot.materialization.CleanUp;
import dev.ingot.project.PackageKey;
import dev.ingot.testing.Answer;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Server;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** While the records stand still under a change of what is served, who looks is answered. */
class NobodyWaitsTest {

  /** The package's one table, which tells the text that it was built from. */
  private static final String MODEL =
      """
      source: one is duckdb.sql(\"""select %d as v\""")
      #@ persist
      source: told is one -> { group_by: v }
      query: tell is told -> { group_by: v }
      """;

  @TempDir static Path folder;
  private static final HeldStore STORE = new HeldStore();
  private static final ExecutorService OTHERS = Executors.newCachedThreadPool();
  private static Server server;

  @BeforeAll
  static void start() {
    server = Server.start(folder, STORE);
  }

  @AfterAll
  static void stop() {
    OTHERS.shutdownNow();
    server.close();
  }

  private static PackageApi built(String name) {
    PackageFiles.create(server.packageFolder(name)).model("told.malloy", MODEL.formatted(1));
    PackageApi p = server.register(name);
    p.buildOk();
    CleanUp.await(server, PackageKey.of("p", name));
    return p;
  }

  private static void edit(String name) {
    PackageFiles.create(server.packageFolder(name)).model("told.malloy", MODEL.formatted(2));
  }

  private static <T> T soon(Callable<T> asked) throws Exception {
    return OTHERS.submit(asked).get(30, TimeUnit.SECONDS);
  }

  private static int told(PackageApi p) throws Exception {
    return soon(() -> p.named("told.malloy", "tell")).expect(200).rows().at("/0/v").asInt();
  }

  /** Everybody but who changes it. */
  private static void requireAnswers(PackageApi p, String run, String status) throws Exception {
    assertThat(soon(() -> p.get(run)).path("status").asString()).isEqualTo(status);
    Answer list = soon(() -> server.client().get(p.path() + "/materializations"));
    assertThat(list.expect(200).json().at("/0/status").asString()).isEqualTo(status);
    soon(() -> server.client().get(p.path())).expect(200);
    soon(() -> server.client().get(p.path() + "/manifest")).expect(200);
    soon(() -> server.client().get(p.path() + "/manifest/versions")).expect(200);
    soon(() -> p.plan(""));
  }

  @Test
  void aPublicationThatStandsStillBeforeItsCommitHoldsNobodyUp() throws Exception {
    PackageApi p = built("before");
    edit("before");
    Gate commit = STORE.before("publish");
    String run = p.create("{}");
    p.start(run);
    commit.awaitComing();

    requireAnswers(p, run, "RUNNING");
    assertThat(told(p)).isEqualTo(1);
    String other = p.create("{}");
    assertThat(soon(() -> start(p, other)).code()).isEqualTo("another_running");

    commit.open();
    assertThat(p.await(run).path("status").asString()).isEqualTo("SUCCESS");
    assertThat(told(p)).isEqualTo(2);
  }

  @Test
  void whoSeesThatACommitWasMadeServesWhatItPublished() throws Exception {
    PackageApi p = built("after");
    edit("after");
    Gate answer = STORE.after("publish");
    String run = p.create("{}");
    p.start(run);
    answer.awaitComing();
    // Nobody has seen it yet.
    assertThat(told(p)).isEqualTo(1);

    assertThat(soon(() -> p.get(run)).path("status").asString()).isEqualTo("SUCCESS");
    assertThat(told(p)).isEqualTo(2);
    requireAnswers(p, run, "SUCCESS");

    answer.open();
    CleanUp.await(server, PackageKey.of("p", "after"));
    assertThat(told(p)).isEqualTo(2);
  }

  @Test
  void whoListsRunsOrVersionsOrIsRefusedForASuccessHasSeenItToo() throws Exception {
    PackageApi p = built("listed");
    assertSeen(p, 2, run -> server.client().get(p.path() + "/materializations"));
    assertSeen(p, 3, run -> server.client().get(p.path() + "/manifest"));
    assertSeen(p, 4, run -> server.client().get(p.path() + "/manifest/versions"));
    assertSeen(p, 5, run -> start(p, run));
    assertSeen(p, 6, run -> server.client().post(p.path() + "/materializations/" + run + "/stop"));
  }

  private interface Look {
    Answer at(String run);
  }

  private static void assertSeen(PackageApi p, int value, Look look) throws Exception {
    PackageFiles.create(server.packageFolder("listed"))
        .model("told.malloy", MODEL.formatted(value));
    Gate answer = STORE.after("publish");
    String run = p.create("{}");
    p.start(run);
    answer.awaitComing();

    soon(() -> look.at(run));

    assertThat(told(p)).isEqualTo(value);
    answer.open();
    CleanUp.await(server, PackageKey.of("p", "listed"));
  }

  private static Answer start(PackageApi p, String run) {
    return server.client().post(p.path() + "/materializations/" + run + "/start");
  }

  @Test
  void aReloadThatStandsStillHoldsNobodyUp() throws Exception {
    PackageApi p = built("reloaded");
    JsonNode run = server.client().get(p.path() + "/materializations").json().get(0);
    edit("reloaded");
    Gate current = STORE.before("current");
    Future<Answer> reload =
        OTHERS.submit(() -> server.client().post(p.path() + "/manifest/reload"));
    current.awaitComing();

    requireAnswers(p, run.path("id").asString(), "SUCCESS");
    assertThat(told(p)).isEqualTo(1);
    // Another change of what is served does wait.
    assertThatThrownBy(() -> reload.get(0, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);

    current.open();
    reload.get(30, TimeUnit.SECONDS).expect(200);
    assertThat(told(p)).isEqualTo(2);
  }

  @Test
  void whatAnotherServerPublishedIsFollowedWithoutHoldingAnybodyUp() throws Exception {
    PackageApi p = built("followed");
    JsonNode run = server.client().get(p.path() + "/materializations").json().get(0);
    PackageKey key = PackageKey.of("p", "followed");
    Gate version = STORE.before("version");
    Future<?> following = OTHERS.submit(() -> server.bean(SharedServing.class).follow(key, 2));
    version.awaitComing();

    requireAnswers(p, run.path("id").asString(), "SUCCESS");
    assertThat(told(p)).isEqualTo(1);

    version.open();
    following.get(30, TimeUnit.SECONDS);
    assertThat(told(p)).isEqualTo(1);
  }
}
