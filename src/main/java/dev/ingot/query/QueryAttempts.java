package dev.ingot.query;

import dev.ingot.compile.PreparedQuery;
import dev.ingot.engine.Cancellation;
import dev.ingot.engine.Engine;
import dev.ingot.engine.TableName;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.manifest.LoadedPackage;
import dev.ingot.manifest.ServedPackage;
import dev.ingot.manifest.ServedPackages;
import dev.ingot.project.PackageKey;
import dev.ingot.project.ProjectService;
import dev.ingot.telemetry.Activity;
import dev.ingot.telemetry.Telemetry;
import java.util.EnumMap;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Answers a query, and asks again where that helps. One answer sees one served package from its
 * compilation to its last row, whatever is published meanwhile (promise P1).
 */
@Component
class QueryAttempts {

  private static final Logger log = LoggerFactory.getLogger(QueryAttempts.class);

  /** The first status that says that it wasn't the caller. */
  private static final int SERVERS = 500;

  private final ProjectService projects;
  private final ServedPackages served;
  private final PreparedQueries queries;
  private final KeptAnswers answers;
  private final QuerySettings settings;
  private final Deadlines deadlines;
  private final ChangedFiles changedFiles;
  private final Telemetry telemetry;
  private final VanishedTables vanished = new VanishedTables();

  QueryAttempts(
      ProjectService projects,
      ServedPackages served,
      PreparedQueries queries,
      KeptAnswers answers,
      QuerySettings settings,
      Deadlines deadlines,
      ChangedFiles changedFiles,
      Telemetry telemetry) {
    this.projects = projects;
    this.served = served;
    this.queries = queries;
    this.answers = answers;
    this.settings = settings;
    this.deadlines = deadlines;
    this.changedFiles = changedFiles;
    this.telemetry = telemetry;
  }

  /** How an attempt to answer ended. */
  private sealed interface Attempt {

    /**
     * @param answer empty when the asker has it already
     */
    record Answered(Optional<QueryAnswer> answer) implements Attempt {}

    /** Nothing of it was handed over, and another may do better. */
    record Again(Reason reason, RuntimeException failure) implements Attempt {}
  }

  /** Why a query is asked again. */
  private enum Reason {
    /** Its database was closed, because the package moved. */
    MOVED(3),
    /** A table was gone; it is compiled without that one then, and so can't fail of it again. */
    TABLE_GONE(Integer.MAX_VALUE),
    /** Another's failure ended what it ran on, before it had a row. */
    UNREACHABLE(3),
    /** What it ran on ended while it read rows: its own doing, perhaps, which is not repeated. */
    CUT_OFF(1);

    private final int most;

    Reason(int most) {
      this.most = most;
    }
  }

  /**
   * @return empty when the asker has the answer already
   * @throws Fault as {@link QueryService#query}
   */
  Optional<QueryAnswer> answer(Asked asked, Cancellation cancellation, ResultReader reader) {
    try (Telemetry.Doing query = telemetry.begin(Activity.QUERY)) {
      try {
        Optional<QueryAnswer> answer = tryToAnswer(asked, cancellation, reader);
        query.became(answer.map(QueryAnswer::origin).orElse("not_modified"), "none");
        return answer;
      } catch (Fault e) {
        query.became(e.code().status() < SERVERS ? "refused" : "failed", e.code().word());
        throw e;
      }
    }
  }

  private Optional<QueryAnswer> tryToAnswer(
      Asked asked, Cancellation cancellation, ResultReader reader) {
    var tries = new EnumMap<Reason, Integer>(Reason.class);
    while (true) {
      switch (attempt(asked, cancellation, reader)) {
        case Attempt.Answered(Optional<QueryAnswer> answer) -> {
          return answer;
        }
        case Attempt.Again(Reason reason, RuntimeException failure) -> {
          log.debug("Package {} is queried again: {}", asked.key(), reason, failure);
          if (tries.merge(reason, 1, Integer::sum) > reason.most) {
            throw lastOf(asked.key(), failure);
          }
        }
      }
    }
  }

  private static Fault lastOf(PackageKey key, RuntimeException failure) {
    return failure instanceof Engine.EngineException said
        ? said.toFault(FaultCode.QUERY_FAILED)
        : new Fault(
            FaultCode.PACKAGE_BUSY,
            "Package %s is moved again and again; ask again".formatted(key),
            failure);
  }

  private Attempt attempt(Asked asked, Cancellation cancellation, ResultReader reader) {
    PackageKey key = asked.key();
    LoadedPackage before = served.get(key).content();
    try (var pin = served.pin(key)) {
      return attempt(pin.served(), asked, cancellation, reader);
    } catch (Engine.ClosedException e) {
      served.awaitMove(key);
      return new Attempt.Again(Reason.MOVED, e);
    } catch (Fault e) {
      // Its database may have been closed while a model was compiled.
      if (e.code() != FaultCode.MODEL_INVALID || !hasMoved(key, before)) {
        throw changedFiles.explain(before, e);
      }
      return new Attempt.Again(Reason.MOVED, e);
    }
  }

  private boolean hasMoved(PackageKey key, LoadedPackage content) {
    served.awaitMove(key);
    return !served.get(key).content().equals(content);
  }

  private Attempt attempt(
      ServedPackage packageNow, Asked asked, Cancellation cancellation, ResultReader reader) {
    LoadedPackage content = packageNow.content();
    content.requireQueryable(asked.model());
    Prepared prepared = queries.of(packageNow, asked.model(), asked.query(), asked.givens());
    ReadFacts facts = prepared.in(packageNow).facts();
    if (!facts.live().isEmpty() && projects.find(asked.key()).strict()) {
      throw facts.strictMiss(asked.key());
    }
    return inTime(cancellation, () -> attempt(packageNow, prepared, asked, cancellation, reader));
  }

  private Attempt attempt(
      ServedPackage packageNow,
      Prepared prepared,
      Asked asked,
      Cancellation cancellation,
      ResultReader reader) {
    Optional<String> tag = tag(packageNow, prepared, asked, cancellation, reader);
    if (tag.isPresent()) {
      if (vanished.lookNowAndThen(packageNow)) {
        return new Attempt.Again(
            Reason.TABLE_GONE, new IllegalStateException("tables of the manifest are gone"));
      }
      if (asked.condition().filter(condition -> condition.has(tag.get())).isPresent()) {
        return new Attempt.Answered(Optional.empty());
      }
      Optional<QueryAnswer> known = answers.find(tag.get());
      if (known.isPresent()) {
        return new Attempt.Answered(known);
      }
    }
    Attempt made = make(packageNow, prepared, cancellation, reader);
    if (reader.isWhole() && made instanceof Attempt.Answered(Optional<QueryAnswer> answer)) {
      tag.ifPresent(as -> answers.keep(as, answer.orElseThrow()));
    }
    return made;
  }

  /** The entity tag of the answer, if it has one and anybody has use for it. */
  private Optional<String> tag(
      ServedPackage packageNow,
      Prepared prepared,
      Asked asked,
      Cancellation cancellation,
      ResultReader reader) {
    // Not for a text that is seen for the first time, which may be the last.
    boolean again = prepared.isAskedAgain();
    boolean live = !prepared.in(packageNow).facts().live().isEmpty();
    if (live || (asked.condition().isEmpty() && !again)) {
      return Optional.empty();
    }
    PreparedQuery query = prepared.query();
    Engine engine = packageNow.content().engine(query.connectionName());
    try {
      Optional<Set<TableName>> reads =
          prepared.repeatable(() -> engine.repeatable(query.sql(), cancellation));
      return answers.tag(packageNow, prepared, reads, reader.form(prepared));
    } catch (Engine.EngineException e) {
      // Whatever it is, the query itself meets it too.
      log.debug("Whether an answer can be kept can't be said now", e);
      return Optional.empty();
    }
  }

  private Attempt make(
      ServedPackage packageNow, Prepared prepared, Cancellation cancellation, ResultReader reader) {
    ReadFacts facts = prepared.in(packageNow).facts();
    PreparedQuery query = prepared.query();
    Engine engine = packageNow.content().engine(query.connectionName());
    var begun = new AtomicBoolean();
    Engine.RowReader<String> rowReader =
        rows -> {
          begun.set(true);
          return reader.read(prepared, rows);
        };
    try {
      String result = engine.query(query.sql(), cancellation, rowReader);
      return new Attempt.Answered(
          Optional.of(
              new QueryAnswer(
                  result,
                  query.gated() ? null : query.sql(),
                  facts.materialized(),
                  facts.live(),
                  facts.warnings(),
                  false)));
    } catch (Engine.EngineException e) {
      if (e instanceof Engine.UnreachableException && !reader.isGiven()) {
        return new Attempt.Again(begun.get() ? Reason.CUT_OFF : Reason.UNREACHABLE, e);
      }
      if (!begun.get() && readsMissing(packageNow, query, e)) {
        return new Attempt.Again(Reason.TABLE_GONE, e);
      }
      throw e.toFault(FaultCode.QUERY_FAILED);
    }
  }

  /** Whether a statement failed because a table of its manifest is gone. */
  private boolean readsMissing(
      ServedPackage packageNow, PreparedQuery query, Engine.EngineException failure) {
    try {
      var _ = vanished.look(packageNow);
      return query.reads().stream()
          .anyMatch(read -> read.hit() && packageNow.isMissing(read.buildId()));
    } catch (Engine.EngineException e) {
      failure.addSuppressed(e);
      return false;
    }
  }

  private <T> T inTime(Cancellation cancellation, Supplier<T> work) {
    String timeout =
        "The query ran longer than %d ms (ingot.query.timeout)"
            .formatted(settings.timeout().toMillis());
    try (var _ = deadlines.cancelAfter(settings.timeout(), cancellation, timeout)) {
      return work.get();
    } catch (Cancellation.CancelledException e) {
      boolean late = timeout.equals(cancellation.reason());
      throw new Fault(
          late ? FaultCode.TIMEOUT : FaultCode.CANCELLED, String.valueOf(e.getMessage()), e);
    }
  }
}
