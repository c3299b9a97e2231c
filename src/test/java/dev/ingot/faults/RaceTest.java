package dev.ingot.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.materialization.MaterializationStore;
import dev.ingot.testing.Answer;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.Server;
import dev.ingot.testing.Wait;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many who want something of one package at the same time. */
class RaceTest {

  /** -Dingot.test.starts=1000 for more. */
  private static final int STARTS = Integer.getInteger("ingot.test.starts", 100);

  /** Random requests; -Dingot.test.requests=5000 for more. */
  private static final int REQUESTS = Integer.getInteger("ingot.test.requests", 150);

  private static final long SEED = Long.getLong("ingot.test.seed", System.nanoTime());
  private static final int STARTERS = 32;
  private static final int PENDING = 20;
  private static final int CALLERS = 8;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @TempDir Path folder;
  private final Failpoints failpoints = new Failpoints();
  private final RunHistory history = new RunHistory();
  private Server server;
  private PackageApi api;

  @BeforeEach
  void start() {
    System.out.println("-Dingot.test.seed=" + SEED);
    failpoints.watch(history);
    server = Server.start(folder, failpoints);
    FaultDag.create(server.packageFolder("race"));
    api = server.register("race");
    api.buildOk();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void ofStartsThatRaceEachAcceptedOneIsARunOfItsOwnAndNoTwoRunAtATime() throws Exception {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < PENDING; i++) {
      // Most have nothing to do, so that many get their turn before the starts are used up.
      ids.add(api.create(i % 5 == 0 ? "{\"forceRefresh\":true}" : "{}"));
    }
    Map<String, Integer> accepted = new ConcurrentHashMap<>();
    List<String> refused = new CopyOnWriteArrayList<>();
    var left = new AtomicInteger(STARTS);
    int most;
    try (var observer = new Observer()) {
      race(
          STARTERS,
          random -> {
            while (left.getAndDecrement() > 0) {
              String id = ids.get(random.nextInt(PENDING));
              Answer start = server.client().post(path(id) + "/start");
              if (start.status() == 202) {
                accepted.merge(id, 1, Integer::sum);
              } else {
                refused.add(start.status() + " " + start.code());
                // All of them come back at the moment that the package is free.
                observer.awaitNone();
              }
            }
          });
      accepted.keySet().forEach(api::await);
      most = observer.most();
    }

    System.out.printf(
        "%d starts of %d runs from %d threads: %d accepted, %d refused, at most %d RUNNING%n",
        STARTS, PENDING, STARTERS, accepted.size(), refused.size(), most);
    assertThat(most).isEqualTo(1);
    assertThat(history.violations()).isEmpty();
    assertThat(accepted).isNotEmpty().allSatisfy((id, times) -> assertThat(times).isEqualTo(1));
    assertThat(refused).isNotEmpty().isSubsetOf("409 another_running", "409 illegal_state");
    for (String id : ids) {
      assertThat(server.client().get(path(id)).expect(200).json().path("status").asString())
          .isEqualTo(accepted.containsKey(id) ? "SUCCESS" : "PENDING");
      assertThat(history.claimed().contains(id)).isEqualTo(accepted.containsKey(id));
    }
  }

  @Test
  void whateverIsAskedAtOnceOnlyTheEdgesOfTheStatesAreSeenAndNoQueryIsMixed() throws Exception {
    FaultDag.create(server.packageFolder("elsewhere")).data(2);
    List<String> ids = new CopyOnWriteArrayList<>();
    var left = new AtomicInteger(REQUESTS);
    Map<Integer, Integer> statuses = new ConcurrentHashMap<>();
    List<String> wrong = new CopyOnWriteArrayList<>();
    try (var observer = new Observer()) {
      race(
          CALLERS,
          random -> {
            while (left.getAndDecrement() > 0) {
              Answer answer = anything(random, ids);
              statuses.merge(answer.status(), 1, Integer::sum);
              if (answer.status() >= 500) {
                wrong.add(answer.toString());
              }
            }
          });
      var store = server.bean(MaterializationStore.class);
      Wait.until("all have ended", () -> store.running().isEmpty());
      assertThat(observer.most()).isEqualTo(1);
    }

    System.out.printf("%d requests: %s; %s%n", REQUESTS, statuses, history.counts());
    assertThat(wrong).isEmpty();
    assertThat(history.violations()).isEmpty();
    api.buildOk();
  }

  private Answer anything(Random random, List<String> ids) {
    String id = recent(random, ids);
    return switch (random.nextInt(16)) {
      case 0, 1, 2 -> {
        Answer created =
            server.client().post(api.path() + "/materializations", "{\"forceRefresh\":true}");
        if (created.status() == 201) {
          ids.add(created.json().path("id").asString());
        }
        yield created;
      }
      case 3, 4, 5, 6, 7 -> server.client().post(path(id) + "/start");
      case 8, 9 -> server.client().post(path(id) + "/stop");
      case 10, 11 -> server.client().delete(path(id));
      case 12 -> server.client().post(api.path() + "/manifest/reload");
      case 13 -> {
        Path location = server.packageFolder(random.nextBoolean() ? "race" : "elsewhere");
        yield server.client().patch(api.path(), "{\"location\":\"%s\"}".formatted(location));
      }
      default -> {
        Answer answer = api.query(FaultDag.MODEL, FaultDag.QUERY);
        if (answer.status() == 200) {
          assertThat(answer.rows().toString()).isIn(FaultDag.answer(1), FaultDag.answer(2));
        }
        yield answer;
      }
    };
  }

  /** One of those that somebody else may be starting or stopping right now. */
  private static String recent(Random random, List<String> ids) {
    List<String> recent = ids.reversed().stream().limit(CALLERS).toList();
    return recent.isEmpty() ? "none" : recent.get(random.nextInt(recent.size()));
  }

  /** Does this in as many threads, all at once, each with its own numbers from the seed. */
  private static void race(int threads, Consumer<Random> work)
      throws InterruptedException, ExecutionException {
    var together = new CyclicBarrier(threads);
    try (var pool = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        var random = new Random(SEED + i);
        all.add(
            pool.submit(() -> {
              together.await();
              work.accept(random);
              return null;
            }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
  }

  private String path(String id) {
    return api.path() + "/materializations/" + id;
  }

  /** Looks into the store all the time. */
  private final class Observer implements AutoCloseable {
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicInteger most = new AtomicInteger();
    private final Thread thread = Thread.ofPlatform().daemon().start(this::observe);
    private int now;

    private void observe() {
      var store = server.bean(MaterializationStore.class);
      while (!closed.get()) {
        saw(store.running().size());
      }
    }

    private synchronized void saw(int running) {
      most.accumulateAndGet(running, Math::max);
      now = running;
      notifyAll();
    }

    synchronized void awaitNone() {
      try {
        while (now > 0) {
          wait(PATIENCE.toMillis());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    int most() {
      return most.get();
    }

    @Override
    public void close() throws InterruptedException {
      closed.set(true);
      thread.join();
    }
  }
}
