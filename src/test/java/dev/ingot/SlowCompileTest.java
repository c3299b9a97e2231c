package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Answer;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Refusal;
import dev.ingot.testing.Server;
import java.nio.file.Path;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What takes the compiler long holds up nothing else, and can be stopped. */
class SlowCompileTest {

  /** What was compiled before would be answered whatever the compiler does. */
  private static final String UNCACHED = "ingot.query.compiled-cache-size=0";

  @TempDir static Path folder;
  private static Server server;
  private static PackageApi good;

  @BeforeAll
  static void start() {
    server = Server.start(folder, "ingot.compiler.deadline=6s", UNCACHED);
    PackageFiles.orders(server.packageFolder("good"), SidecarFaultTest.MODEL);
    good = server.register("good");
    good.buildOk();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** Malloy takes seconds for a hundred alternatives, and minutes for three hundred. */
  @Test
  void aTextThatCompilesSlowlyHoldsUpNoOtherQueryOfItsPackage() throws Exception {
    String alternatives =
        IntStream.range(0, 400).mapToObj("'x%d'"::formatted).collect(Collectors.joining(" | "));

    Future<Answer> slow =
        SidecarFaultTest.meanwhile(() ->
            good.query(
                "orders.malloy",
                "run: orders -> { where: customer ? %s; group_by: customer }"
                    .formatted(alternatives)));
    long slowest = SidecarFaultTest.slowestWhile(slow, good);

    System.out.printf("slow text: slowest of its package %d ms%n", slowest);
    Refusal.check(
        slow.get(), 422, "too_complex", "6000 ms", "ingot.compiler.deadline", "this text");
    assertThat(slowest).as("ms").isLessThan(6000);
  }

  @Test
  void aRunThatIsStoppedWhileItPlansEndsAtOnce(@TempDir Path other) throws Exception {
    try (Server own = Server.start(other, "ingot.compiler.plan-deadline=5m", UNCACHED)) {
      PackageFiles.orders(own.packageFolder("planned"), SidecarFaultTest.HANGING);
      PackageApi planned = own.register("planned");
      String run = planned.path() + "/materializations/" + planned.create("{}");
      own.client().post(run + "/start").expect(202);
      long start = System.nanoTime();

      Answer stopped = own.client().post(run + "/stop").expect(200);
      // Waits for the run's turn, and for no more than some seconds.
      own.client().delete(planned.path()).expect(204);

      System.out.printf(
          "stopped while it plans, and its package deleted: %d ms%n",
          TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
      assertThat(stopped.json().path("status").asString()).isEqualTo("CANCELLED");
    }
  }

  @Test
  void oneThatFillsItsMemoryIsEndedAndBlamedAndOthersGoOn(@TempDir Path other) throws Exception {
    try (Server small =
        Server.start(other, "ingot.compiler.heap=64MB", "ingot.compiler.deadline=1m", UNCACHED)) {
      PackageFiles.orders(small.packageFolder("sound"), SidecarFaultTest.MODEL);
      PackageApi sound = small.register("sound");
      sound.buildOk();
      PackageFiles.orders(
          small.packageFolder("full"),
          SidecarFaultTest.MODEL
              + SidecarFaultTest.BOMB
              + "query: fills is bomb -> { group_by: d40 }");
      PackageApi full = small.register("full");
      long start = System.nanoTime();

      Future<Answer> filling =
          SidecarFaultTest.meanwhile(() -> full.named("orders.malloy", "fills"));
      long slowest = SidecarFaultTest.slowestWhile(filling, sound);

      Refusal.check(filling.get(), 422, "too_complex", "ran out of memory (ingot.compiler.heap)");
      SidecarFaultTest.print("heap filled", start);
      System.out.printf("heap filling: slowest of another package %d ms%n", slowest);
      start = System.nanoTime();
      assertThat(full.named("orders.malloy", "good").expect(200).rows()).hasSize(3);
      SidecarFaultTest.print("heap filled, next request of its package", start);
    }
  }
}
