package dev.ingot.state.catalog;

import static dev.ingot.state.store.Stores.KEY;
import static dev.ingot.state.store.Stores.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.materialization.Claim;
import dev.ingot.materialization.Materialization;
import dev.ingot.materialization.MaterializationStatus;
import dev.ingot.project.PackageKey;
import dev.ingot.state.catalog.ClaimHistory.Step;
import dev.ingot.state.catalog.SharedCatalog.Server;
import dev.ingot.state.store.Race;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two servers that claim at the same time on a real PostgreSQL (promise P3). */
@Timeout(120)
class ClaimRaceTest extends OnACatalog {

  private static final int THREADS = 16;

  /** Of all threads together. */
  private static final int CLAIMS = Integer.getInteger("ingot.test.claims", 200);

  private static final long SEED = Long.getLong("ingot.test.seed", System.nanoTime());

  @Test
  void racingClaimsAreAnsweredAsByOneRegister() throws Exception {
    List<Server> servers =
        List.of(catalog.server(SharedCatalog.LONG), catalog.server(SharedCatalog.LONG));
    List<PackageKey> keys =
        List.of(PackageKey.of("p", "a"), PackageKey.of("p", "b"), PackageKey.of("p", "c"));
    // What looks on looks past the servers, so the tables have to be there.
    servers.forEach(server -> server.pending(KEY));
    List<ClaimHistory> histories = keys.stream().map(key -> new ClaimHistory()).toList();
    var racing = new AtomicBoolean(true);
    try (var executor = Executors.newSingleThreadExecutor()) {
      Future<Integer> most = executor.submit(() -> mostAtOnce(racing));
      List<Integer> granted =
          Race.atOnce(
              THREADS,
              thread -> {
                var random = new Random(SEED + thread);
                int mine = 0;
                for (int n = 0; n < CLAIMS / THREADS; n++) {
                  int which = random.nextInt(keys.size());
                  mine +=
                      claim(servers.get(thread % 2), keys.get(which), histories.get(which), random);
                }
                return mine;
              });
      racing.set(false);

      assertThat(most.get()).as("of one package RUNNING at one moment").isEqualTo(1);
      long started = Long.parseLong(catalog.value("SELECT count(started_at) FROM runs"));
      assertThat(granted.stream().mapToInt(n -> n).sum()).isEqualTo(Math.toIntExact(started));
      for (ClaimHistory history : histories) {
        assertThat(ClaimHistory.isLinearizable(history.calls()))
            .as("seed %d: %s", SEED, history.calls())
            .isTrue();
      }
      System.out.printf(
          "Claims: %d over 2 servers by %d threads, %d granted, %d calls checked (seed %d)%n",
          CLAIMS / THREADS * THREADS,
          THREADS,
          started,
          histories.stream().mapToInt(history -> history.calls().size()).sum(),
          SEED);
    }
  }

  /** Returns how many were granted: 1 or none. */
  private static int claim(Server server, PackageKey key, ClaimHistory history, Random random) {
    Materialization run = server.pending(key);
    Claim claim =
        history.record(
            () -> server.runs.claim(key, run.id(), NOW),
            answer ->
                switch (answer) {
                  case Claim.Granted(Materialization granted) -> new Step.Taken(granted.id());
                  case Claim.Busy(String other) -> new Step.Refused(other);
                  case Claim.Unknown unknown -> throw new AssertionError(unknown);
                  case Claim.WrongState wrong -> throw new AssertionError(wrong);
                });
    boolean granted = claim instanceof Claim.Granted;
    if (granted && random.nextBoolean()) {
      history.record(
          () -> server.publish(run, null, NOW, List.of()),
          version -> freed(run, version.isPresent()));
    }
    if (granted || random.nextInt(4) == 0) {
      // Also those that ended already, and those that never began.
      history.record(
          () -> server.end(run, MaterializationStatus.RUNNING, MaterializationStatus.FAILED),
          ended -> freed(run, ended));
    }
    return granted ? 1 : 0;
  }

  private static Step freed(Materialization run, boolean done) {
    return done ? new Step.Freed(run.id()) : new Step.NotFreed(run.id());
  }

  private int mostAtOnce(AtomicBoolean racing) throws Exception {
    int most = 0;
    try (Connection connection = catalog.database().connect();
        Statement statement = connection.createStatement()) {
      while (racing.get()) {
        try (var row =
            statement.executeQuery(
                """
                SELECT coalesce(max(n), 0) FROM (
                  SELECT count(*) AS n FROM ingot.runs WHERE status = 'RUNNING'
                  GROUP BY project, package) AS running
                """)) {
          row.next();
          most = Math.max(most, row.getInt(1));
        }
      }
    }
    return most;
  }

  @Test
  void oneOfManyThatClaimTheSameRunOnTwoServersGetsIt() throws Exception {
    List<Server> servers =
        List.of(catalog.server(SharedCatalog.LONG), catalog.server(SharedCatalog.LONG));
    Materialization run = servers.getFirst().pending(KEY);

    List<Claim> claims =
        Race.atOnce(THREADS, i -> servers.get(i % 2).runs.claim(KEY, run.id(), NOW));

    assertThat(claims).filteredOn(Claim.Granted.class::isInstance).hasSize(1);
    assertThat(claims)
        .filteredOn(claim -> !(claim instanceof Claim.Granted))
        .containsOnly(new Claim.WrongState(MaterializationStatus.RUNNING));
  }
}
