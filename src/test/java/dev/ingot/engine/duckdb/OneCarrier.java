package dev.ingot.engine.duckdb;

import dev.ingot.engine.Cancellation;
import dev.ingot.engine.CarriedEngine;
import dev.ingot.engine.Engine.Owner;
import dev.ingot.engine.TableName;
import dev.ingot.testing.NoTelemetry;
import dev.ingot.testing.SlowSql;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * As many endless builds as there are places, one more that waits, a query and cancels, all from
 * virtual threads. Ends with 0 when each did what it should.
 */
final class OneCarrier {

  private static final int LIMIT = 3;

  private OneCarrier() {}

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]).toRealPath();
    DuckDbEngine duckdb = open(folder);
    try (var engine = new CarriedEngine(duckdb, "duckdb", "one", LIMIT, NoTelemetry.get());
        var virtual = Executors.newVirtualThreadPerTaskExecutor()) {
      var cancellations = new ArrayList<Cancellation>();
      var builds = new ArrayList<CompletableFuture<Long>>();
      for (int i = 0; i <= LIMIT; i++) {
        var table = new TableName("main", "endless" + i);
        var cancellation = new Cancellation();
        cancellations.add(cancellation);
        builds.add(
            CompletableFuture.supplyAsync(
                () -> engine.build(table, SlowSql.SELECT, new Owner("mark", "test"), cancellation),
                virtual));
      }
      for (int i = 0; i < 20; i++) {
        boolean answered =
            CompletableFuture.supplyAsync(
                    () -> engine.query("SELECT 1", new Cancellation(), rows -> rows.next()),
                    virtual)
                .get(20, TimeUnit.SECONDS);
        require(answered, "a query is answered");
      }
      require(builds.stream().noneMatch(CompletableFuture::isDone), "no build ended");
      cancellations.reversed().forEach(one -> virtual.execute(() -> one.cancel("enough")));
      for (CompletableFuture<Long> build : builds) {
        require(endsCancelled(build), "a build is cancelled");
      }
    }
    duckdb.close();
  }

  private static DuckDbEngine open(Path folder) throws IOException {
    return new DuckDbEngine(TestDatabase.open(folder.resolve("one.duckdb"), folder), folder);
  }

  private static boolean endsCancelled(CompletableFuture<Long> build) {
    try {
      build.orTimeout(20, TimeUnit.SECONDS).join();
      return false;
    } catch (CompletionException e) {
      return e.getCause() instanceof Cancellation.CancelledException;
    }
  }

  private static void require(boolean fact, String what) {
    if (!fact) {
      throw new AssertionError(what);
    }
  }
}
