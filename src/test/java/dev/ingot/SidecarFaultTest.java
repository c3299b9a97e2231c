package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Answer;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Refusal;
import dev.ingot.testing.Script;
import dev.ingot.testing.Server;
import dev.ingot.testing.Wait;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What the compiler's processes may do, and what may be done to them, without harm to others. */
class SidecarFaultTest {

  static final String MODEL =
      """
      source: orders is duckdb.table('data/orders.csv')
      #@ persist
      source: totals is orders -> { group_by: customer; aggregate: total is amount.sum() }
      query: good is totals -> { select: *; order_by: customer }
      """;
  static final String BOMB = bomb();
  static final String HANGING =
      MODEL
          + BOMB
          + "#@ persist\nsource: never is bomb -> { group_by: d40 }\n"
          + "query: hangs is bomb -> { group_by: d40 }\n";

  @TempDir static Path folder;
  private static Server server;
  private static PackageApi good;

  /** Starts the real Node; the tests put another text in its place. */
  private static Path node;

  @BeforeAll
  static void start() throws IOException {
    node = folder.resolve("node");
    Script.write(node, "exec %s \"$@\"".formatted(Script.realNode()));
    server =
        Server.start(
            folder,
            "ingot.node=" + node,
            "ingot.compiler.deadline=6s",
            "ingot.compiler.plan-deadline=6s",
            // What was compiled before would be answered whatever happens to them.
            "ingot.query.compiled-cache-size=0");
    PackageFiles.orders(server.packageFolder("good"), MODEL);
    good = server.register("good");
    good.buildOk();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void killedWhileTheyAreIdleTheyAreReplacedAndNobodyNotices() {
    long start = System.nanoTime();
    for (ProcessHandle process : processes()) {
      process.destroyForcibly();
      process.onExit().join();
    }

    assertGoodAnswers();
    print("all killed, next request", start);
    assertThat(good.buildOk().path("metadata").path("sourcesSkipped").asInt()).isEqualTo(1);
  }

  @Test
  void aProcessThatIsKilledDuringAPlanCostsARetryAndNotThePackage() throws Exception {
    PackageFiles.orders(server.packageFolder("killed"), MODEL + "// killed\n");
    PackageApi killed = server.register("killed");
    assertGoodAnswers();
    List<ProcessHandle> stopped = processes();
    stopped.forEach(process -> signal("STOP", process));
    String id = killed.create("{}");
    server.client().post(killed.path() + "/materializations/" + id + "/start").expect(202);

    // The spare first, so that the work isn't taken over by one that is about to be killed too.
    stopped.stream()
        .sorted(Comparator.comparingLong(ProcessHandle::pid).reversed())
        .forEach(process -> {
          process.destroyForcibly();
          process.onExit().join();
        });

    assertThat(killed.await(id).path("status").asString()).isEqualTo("SUCCESS");
  }

  @Test
  void aModelThatHangsThemFailsItsRunsAndOthersGoOn() throws Exception {
    PackageFiles.orders(server.packageFolder("hanging"), HANGING);
    PackageApi hanging = server.register("hanging");

    Wait.until("there is a spare", () -> processes().size() == 2);
    assertGoodAnswers();

    Future<JsonNode> run = meanwhile(hanging::build);
    long slowest = slowestWhile(run, good);
    JsonNode first = run.get();
    Wait.until("the one that hung is gone", () -> processes().size() == 2);
    JsonNode second = hanging.build();
    Answer models = server.client().get(hanging.path() + "/models");

    System.out.printf("hanging: slowest of another package %d ms%n", slowest);
    assertThat(slowest).as("ms").isLessThan(6000);
    assertThat(first.path("status").asString()).isEqualTo("FAILED");
    assertThat(first.path("problems").get(0).path("code").asString()).isEqualTo("compiler_failed");
    assertThat(first.path("error").asString()).contains("6000 ms", "ingot.compiler.plan-deadline");
    assertThat(second.path("error").asString())
        .as("not set apart for being slow")
        .contains("6000 ms", "ingot.compiler.plan-deadline");
    Refusal.check(models, 503, "compiler_failed", "ingot.compiler.plan-deadline");
    assertGoodAnswers();

    PackageFiles.orders(server.packageFolder("hanging"), MODEL);
    hanging.buildOk();
    assertThat(hanging.named("orders.malloy", "good").expect(200).rows()).hasSize(3);
  }

  @Test
  void aQueryThatHangsThemIsSetApartAloneAndThePackagesOtherQueriesGoOn() throws Exception {
    PackageFiles.orders(
        server.packageFolder("query"), MODEL + BOMB + "query: hangs is bomb -> { group_by: d40 }");
    PackageApi query = server.register("query");
    query.buildOk();

    Future<Answer> hung = meanwhile(() -> query.named("orders.malloy", "hangs"));
    Future<Answer> behind = meanwhile(() -> query.named("orders.malloy", "good"));
    Answer first = hung.get();
    Wait.until("the one that hung is gone", () -> processes().size() == 2);
    List<ProcessHandle> after = processes();
    Answer second = query.named("orders.malloy", "hangs");

    Refusal.check(
        first,
        422,
        "too_complex",
        "6000 ms",
        "ingot.compiler.deadline",
        "the query 'hangs' of orders.malloy");
    assertThat(behind.get().expect(200).rows()).as("not blamed for the wait").hasSize(3);
    Refusal.check(second, 422, "too_complex", "This query or model stopped the compiler before");
    assertThat(processes()).as("nothing was asked again").containsAll(after);
    assertThat(query.named("orders.malloy", "good").expect(200).rows()).hasSize(3);
    assertThat(query.buildOk().path("metadata").path("sourcesSkipped").asInt()).isEqualTo(1);
  }

  @Test
  void onesThatStandStillAreReplacedSoonAndNobodyIsBlamedForThem() throws Exception {
    assertGoodAnswers();
    processes().forEach(process -> signal("STOP", process));
    String text = "run: totals -> { select: * } // " + "x".repeat(300_000);
    long start = System.nanoTime();

    Future<Answer> first = meanwhile(() -> good.query("orders.malloy", text));
    Future<Answer> second = meanwhile(() -> good.named("orders.malloy", "good"));

    assertThat(first.get().expect(200).rows()).hasSize(3);
    assertThat(second.get().expect(200).rows()).hasSize(3);
    print("all stopped, next request", start);
  }

  @Test
  void onesThatAreStoppedWhileTheyAreIdleAreReplacedBeforeAnybodyNeedsThem() {
    assertGoodAnswers();
    List<ProcessHandle> stopped = processes();
    stopped.forEach(process -> signal("STOP", process));
    long start = System.nanoTime();

    Wait.until(
        "others are there",
        () -> stopped.stream().noneMatch(ProcessHandle::isAlive) && processes().size() == 2);
    print("all stopped while idle, replaced", start);
    start = System.nanoTime();
    assertGoodAnswers();

    print("all stopped while idle, next request then", start);
  }

  @Test
  void whereNoneCanBeStartedThatIsSaidAndNoPackageIsBlamedForIt() throws IOException {
    PackageFiles.orders(server.packageFolder("blameless"), MODEL + "// blameless\n");
    PackageApi blameless = server.register("blameless");
    Script.write(node, "exit 1");
    try {
      Wait.until("all processes are gone", SidecarFaultTest::killAll);

      JsonNode run = blameless.build();

      assertThat(run.path("status").asString()).isEqualTo("FAILED");
      assertThat(run.path("problems").get(0).path("code").asString())
          .isEqualTo("compiler_unavailable");
      Refusal.check(good.named("orders.malloy", "good"), 503, "compiler_unavailable");
    } finally {
      Script.write(node, "exec %s \"$@\"".formatted(Script.realNode()));
    }
    Wait.until("it is back", () -> good.named("orders.malloy", "good").status() == 200);
    blameless.buildOk();
  }

  static <T> Future<T> meanwhile(Callable<T> call) {
    var task = new FutureTask<>(call);
    Thread.ofPlatform().daemon().start(task);
    return task;
  }

  /** Milliseconds of the slowest answer of a package while something else goes on. */
  static long slowestWhile(Future<?> goesOn, PackageApi asked) {
    long slowest = 0;
    while (!goesOn.isDone()) {
      long start = System.nanoTime();
      assertThat(asked.named("orders.malloy", "good").expect(200).rows()).hasSize(3);
      slowest = Math.max(slowest, millisSince(start));
    }
    return slowest;
  }

  private static long millisSince(long start) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }

  static void print(String what, long start) {
    System.out.printf("%s: %d ms%n", what, millisSince(start));
  }

  private static void assertGoodAnswers() {
    assertThat(good.named("orders.malloy", "good").expect(200).rows()).hasSize(3);
  }

  /** True when none was left to kill. */
  private static boolean killAll() {
    List<ProcessHandle> found = processes();
    found.forEach(ProcessHandle::destroyForcibly);
    return found.isEmpty();
  }

  /** This server's compilers: the one at work, its spare, and what hangs. */
  private static List<ProcessHandle> processes() {
    String bundle = folder.resolve("home").toString();
    return ProcessHandle.current()
        .children()
        .filter(child ->
            Stream.of(child.info().arguments().orElse(new String[0]))
                .anyMatch(argument -> argument.contains(bundle)))
        .filter(ProcessHandle::isAlive)
        .toList();
  }

  private static void signal(String name, ProcessHandle process) {
    try {
      int code =
          new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
      assertThat(code).as("kill -%s", name).isZero();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Each dimension names the one before it twice: a small text, and SQL without end. */
  private static String bomb() {
    var text = new StringBuilder("source: bomb is orders extend {\n  dimension: d0 is amount\n");
    for (int i = 1; i <= 40; i++) {
      text.append("  dimension: d%d is d%d + d%d\n".formatted(i, i - 1, i - 1));
    }
    return text.append("}\n").toString();
  }
}
