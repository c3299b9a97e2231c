package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.manifest.ManifestStore;
import dev.ingot.project.PackageKey;
import dev.ingot.testing.Answer;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageDatabase;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Server;
import dev.ingot.testing.Tmpfs;
import dev.ingot.testing.Wait;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A home on a small disk that gets full. */
class FullDiskTest {

  private static final int MEGABYTES = 64;

  /** Two targets that fit. */
  private static final String SMALL =
      """
      source: orders is duckdb.table('data/orders.csv') extend { measure: total is amount.sum() }
      #@ persist name="by_customer"
      source: by_customer is orders -> { group_by: customer; aggregate: total }
      source: numbers is duckdb.sql(\"""select range as n, md5(range::varchar) as h from range(%d)\""")
      #@ persist name="hashes"
      source: hashes is numbers -> { select: * }
      """;

  private static final String FITS = SMALL.formatted(50_000);
  private static final String TOO_MUCH = SMALL.formatted(9_000_000);
  private static final String QUERY = "run: by_customer -> { select: *; order_by: customer }";

  @TempDir Path folder;
  private Tmpfs disk;
  private Server server;
  private PackageFiles files;
  private PackageApi small;
  private Path reserve;

  @BeforeEach
  void start() throws Exception {
    Path home = Files.createDirectories(folder.toRealPath().resolve("home"));
    disk = Tmpfs.mount(home, MEGABYTES);
    reserve = home.resolve("reserve");
    startServer();
    files = PackageFiles.orders(server.packageFolder("small"), FITS);
    small = server.register("small");
    small.buildOk();
  }

  private void startServer() {
    server = Server.start(folder, "ingot.reserve-size=4MB", "ingot.duckdb.memory-limit=128MB");
  }

  @AfterEach
  void stop() {
    server.close();
    disk.close();
  }

  private Answer answer() {
    Answer answer = small.query("orders.malloy", QUERY).expect(200);
    assertThat(answer.json().path("live")).as(answer.text()).isEmpty();
    return answer;
  }

  private void assertThatTheStateIsWhole() {
    List<String> known =
        server.bean(ManifestStore.class).generations(PackageKey.of("p", "small")).stream()
            .map(generation -> generation.table().name())
            .toList();
    assertThat(
            PackageDatabase.of(server, "small")
                .rows(
                    "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database()"))
        .isSubsetOf(known);
  }

  @Test
  void aBuildThatFillsTheDiskFailsWithThatReasonAndNothingElseDoes() {
    JsonNode before = answer().rows();
    files.model("orders.malloy", TOO_MUCH);

    JsonNode run = small.build();

    assertThat(run.path("status").asString()).isEqualTo("FAILED");
    assertThat(run.path("error").asString()).contains("hashes", "No space is left on the disk");
    assertThat(PackageApi.target(run, "hashes").path("status").asString()).isEqualTo("FAILED");
    assertThat(answer().rows()).isEqualTo(before);
    // What the build wrote until the disk was full is given back without anybody's help.
    Wait.until("the disk has room again", () -> disk.free() > MEGABYTES * 1024L * 1024 / 2);
    Wait.until("the reserve is there", () -> Files.exists(reserve));
    assertThatTheStateIsWhole();
    files.model("orders.malloy", FITS);
    small.buildOk();
    assertThat(answer().rows()).isEqualTo(before);
  }

  @Test
  void aDiskThatOthersFillAtAnyMomentCostsRunsAndNothingElse() {
    long seed = Long.getLong("ingot.test.seed", System.nanoTime());
    System.out.println("FullDiskTest: seed " + seed);
    var random = new Random(seed);
    JsonNode before = answer().rows();
    int failed = 0;
    for (int i = 0; i < 6; i++) {
      long micros = random.nextInt(250_000);
      // What is left goes fast, and is about what a run needs.
      disk.fillUpTo(random.nextInt(8 * 1024 * 1024));
      Thread filler = Thread.ofPlatform().start(() -> fillAfter(micros));
      Answer created =
          server.client().post(small.path() + "/materializations", "{\"forceRefresh\":true}");
      if (created.status() == 201) {
        String id = created.json().path("id").asString();
        Answer started = server.client().post(small.path() + "/materializations/" + id + "/start");
        assertThat(started.status()).as(started.text()).isIn(202, 507);
        assertThat(answer().rows()).isEqualTo(before);
        join(filler);
        assertThat(answer().rows()).isEqualTo(before);
        disk.freeWhatFills();
        if (started.status() == 202
            && !small.await(id).path("status").asString().equals("SUCCESS")) {
          failed++;
          assertThat(small.await(id).path("error").asString()).contains("space");
        }
      } else {
        assertThat(created.status()).as(created.text()).isEqualTo(507);
        join(filler);
        disk.freeWhatFills();
      }
      small.buildOk();
      assertThat(answer().rows()).isEqualTo(before);
    }
    System.out.println("FullDiskTest: " + failed + " runs failed");
    assertThatTheStateIsWhole();
    server.close();
    startServer();
    small = new PackageApi(server.client(), small.path());
    assertThat(answer().rows()).isEqualTo(before);
  }

  private void fillAfter(long micros) {
    long end = System.nanoTime() + micros * 1000;
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    disk.fill();
    // The reserve's room too, and whatever a build gives back.
    disk.fill();
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
