package dev.ingot.materialization;

import dev.ingot.compile.CompiledTarget;
import dev.ingot.compile.MalloyCompiler;
import dev.ingot.engine.Cancellation;
import dev.ingot.engine.Engine;
import dev.ingot.fault.Fault;
import dev.ingot.manifest.Generation;
import dev.ingot.plan.PlannedTarget;
import dev.ingot.plan.Selection.Freshness;
import dev.ingot.project.PackageKey;
import dev.ingot.telemetry.Activity;
import dev.ingot.telemetry.Count;
import dev.ingot.telemetry.Telemetry;
import dev.ingot.threads.Tasks;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryTemplate;
import org.springframework.stereotype.Component;

/** Builds one target into its intended generation. */
@Component
class TargetBuilder {

  private static final Logger log = LoggerFactory.getLogger(TargetBuilder.class);

  /** Of one target in one run, while its data changes. */
  private static final int MOST_BUILDS = 3;

  private final MalloyCompiler compiler;
  private final BuildProgress progress;
  private final Lineage lineage;
  private final Tasks tasks;
  private final Clock clock;
  private final Telemetry telemetry;

  /** How a build ended. */
  sealed interface Outcome {
    record Built(Generation generation) implements Outcome {}

    record Failed(String error) implements Outcome {}

    record Cancelled(String why) implements Outcome {}
  }

  /** A statement whose connection was lost is tried again; one that is wrong never is. */
  private final RetryTemplate retries =
      new RetryTemplate(
          RetryPolicy.builder()
              .includes(Engine.UnreachableException.class)
              .maxRetries(3)
              .delay(Duration.ofMillis(100))
              .multiplier(3)
              .build());

  TargetBuilder(
      MalloyCompiler compiler,
      BuildProgress progress,
      Lineage lineage,
      Tasks tasks,
      Clock clock,
      Telemetry telemetry) {
    this.compiler = compiler;
    this.progress = progress;
    this.lineage = lineage;
    this.tasks = tasks;
    this.clock = clock;
    this.telemetry = telemetry;
  }

  /** Begins to compile the SELECT of a target. */
  CompletableFuture<String> compile(TargetBuild build) {
    CompiledTarget.Source source = build.target().compiled().sources().getFirst();
    return tasks.supply(
        "build-sql-" + build.target().declared(),
        () ->
            compiler.buildSql(
                build.content(), source.model(), source.sourceId(), build.manifest()));
  }

  /**
   * @param compiled the SELECT, once it is there
   * @param freshness whether data that changes while it is read is a reason to build once more
   */
  Outcome build(
      TargetBuild build,
      CompletableFuture<String> compiled,
      Freshness freshness,
      RunReports reports,
      Cancellation cancellation) {
    PlannedTarget target = build.target();
    PackageKey key = build.content().snapshot().key();
    try (Telemetry.Doing doing =
        telemetry.begin(Activity.BUILD, key).with("table", target.declared().toString())) {
      Outcome outcome = attempt(build, compiled, freshness, reports, cancellation);
      doing.became(Telemetry.word(outcome));
      if (outcome instanceof Outcome.Built(Generation built)) {
        telemetry.count(Count.BUILD_ROWS, built.rows(), key);
      }
      return outcome;
    }
  }

  private Outcome attempt(
      TargetBuild build,
      CompletableFuture<String> compiled,
      Freshness freshness,
      RunReports reports,
      Cancellation cancellation) {
    PlannedTarget target = build.target();
    try {
      String sql = await(compiled);
      Instant since = clock.instant();
      TargetLineage begun = lineage.begun(build);
      reports.change(target.buildId(), report -> report.running(sql, since, begun));
      long start = System.nanoTime();
      Engine engine = build.engine();
      Generation intended = build.into();
      Generation built;
      try (BuildProgress.Building building =
          progress.begin(
              reports.runId(), target.buildId(), () -> engine.progress(intended.table()))) {
        built =
            freshness == Freshness.IGNORE
                ? build(engine, intended, sql, cancellation)
                : buildFresh(engine, intended, sql, cancellation);
      }
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
      reports.built(built, bytes(engine, built), millis, lineage.built(build, sql));
      return new Outcome.Built(built);
    } catch (Cancellation.CancelledException e) {
      return new Outcome.Cancelled(String.valueOf(e.getMessage()));
    } catch (Engine.EngineException e) {
      return new Outcome.Failed(e.detail());
    } catch (Engine.ClosedException e) {
      return new Outcome.Failed(String.valueOf(e.getMessage()));
    } catch (Fault e) {
      return new Outcome.Failed(e.detail());
    } catch (RuntimeException | Error e) {
      // The run waits for an outcome of every target that it started.
      log.error("Building {} failed unexpectedly", target.declared(), e);
      return new Outcome.Failed("internal error: " + e);
    }
  }

  /**
   * Again while data changes that it reads: nobody could say which rows are in it.
   *
   * @throws Engine.EngineException when it changes each time
   */
  private Generation buildFresh(
      Engine engine, Generation intended, String sql, Cancellation cancellation) {
    String change = "";
    for (int i = 0; i < MOST_BUILDS; i++) {
      Generation built = build(engine, intended, sql, cancellation);
      change = change(engine, built.data());
      if (change.isEmpty()) {
        return built;
      }
      log.info("{} is built again: {} while it was read", intended.declared(), change);
      engine.drop(intended.table(), intended.mark());
      cancellation.requireNone();
    }
    throw new Engine.EngineException(
        "its data changes each time it is read: " + change, new IllegalStateException(change));
  }

  private static String change(Engine engine, Map<String, String> data) {
    return data.entrySet().stream()
        .flatMap(one -> engine.dataChange(one.getKey(), one.getValue()).stream())
        .collect(Collectors.joining(", "));
  }

  private Generation build(
      Engine engine, Generation intended, String sql, Cancellation cancellation) {
    Map<String, String> data = engine.data(sql);
    var tried = new AtomicBoolean();
    long rows =
        retries.invoke(() -> {
          if (tried.getAndSet(true)) {
            // The attempt before may have made it and lost the answer.
            engine.drop(intended.table(), intended.mark());
          }
          return engine.build(intended.table(), sql, intended.owner(), cancellation);
        });
    return intended.built(new Generation.Built(clock.instant(), rows, data));
  }

  /** A table is no worse for it when its database can't tell. */
  private static @Nullable Long bytes(Engine engine, Generation built) {
    try {
      OptionalLong bytes = engine.bytes(built.table());
      return bytes.isPresent() ? bytes.getAsLong() : null;
    } catch (Engine.EngineException | Engine.ClosedException e) {
      log.info("How large {} is isn't known: {}", built.table(), e.getMessage());
      return null;
    }
  }

  private static String await(CompletableFuture<String> compiled) {
    try {
      return compiled.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }
}
