package dev.ingot.query;

import dev.ingot.compile.CheckedSource;
import dev.ingot.compile.MalloyCompiler;
import dev.ingot.compile.PreparedQuery;
import dev.ingot.compile.QueryRef;
import dev.ingot.engine.Cancellation;
import dev.ingot.engine.Engine;
import dev.ingot.engine.Rows;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.manifest.LoadedPackage;
import dev.ingot.manifest.ManifestEntry;
import dev.ingot.manifest.ServedPackage;
import dev.ingot.manifest.ServedPackages;
import dev.ingot.project.PackageKey;
import dev.ingot.project.ProjectService;
import java.io.OutputStream;
import java.util.EnumMap;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers queries. One query sees one served package from its compilation to its last row, whatever
 * is published meanwhile (promise P1).
 */
@Service
public class QueryService {

  private static final Logger log = LoggerFactory.getLogger(QueryService.class);

  private final ProjectService projects;
  private final ServedPackages served;
  private final MalloyCompiler compiler;
  private final PreparedQueries queries;
  private final QuerySettings settings;
  private final Deadlines deadlines;
  private final ChangedFiles changedFiles;
  private final ResultText results;
  private final RowStream stream;

  QueryService(
      ProjectService projects,
      ServedPackages served,
      MalloyCompiler compiler,
      PreparedQueries queries,
      QuerySettings settings,
      Deadlines deadlines,
      ChangedFiles changedFiles,
      JsonMapper mapper) {
    this.projects = projects;
    this.served = served;
    this.compiler = compiler;
    this.queries = queries;
    this.settings = settings;
    this.deadlines = deadlines;
    this.changedFiles = changedFiles;
    results = new ResultText(mapper, settings);
    stream = new RowStream(mapper);
  }

  /**
   * @param compact the rows alone instead of Malloy's stable result
   * @param cancellation ends the statement when somebody cancels it
   * @throws Fault MODEL_NOT_FOUND, MODEL_INVALID, QUERY_INVALID, QUERY_NOT_FOUND,
   *     AUTHORIZE_NOT_ENFORCED, FILTER_REQUIRED, QUERY_FAILED, STRICT_MISS, RESULT_TOO_LARGE,
   *     TIMEOUT, CANCELLED
   */
  public QueryAnswer query(
      PackageKey key, String model, QueryRef query, boolean compact, Cancellation cancellation) {
    return answer(
        key,
        model,
        query,
        cancellation,
        (prepared, rows) ->
            compact ? results.compact(prepared, rows) : results.stable(prepared, rows));
  }

  /**
   * Writes a query's rows as the database gives them, however many they are.
   *
   * @param out is flushed now and then and left open; after a fault, what was written is cut off
   *     anywhere
   * @throws Fault as {@link #query}; CANCELLED also when {@code out} takes no more
   */
  public void stream(
      PackageKey key,
      String model,
      QueryRef query,
      RowFormat format,
      OutputStream out,
      Cancellation cancellation) {
    var attached = new AttachedStream(out);
    try {
      answer(key, model, query, cancellation, new Streaming(format, attached, cancellation));
    } finally {
      attached.cut();
    }
  }

  /** Makes a result from the rows of a prepared query. */
  private interface ResultReader {
    String read(PreparedQuery prepared, Rows rows);

    /** Whether a client has the beginning of it, so that it can't be made once more. */
    default boolean isGiven() {
      return false;
    }
  }

  private final class Streaming implements ResultReader {
    private final RowFormat format;
    private final AttachedStream out;
    private final Cancellation cancellation;

    Streaming(RowFormat format, AttachedStream out, Cancellation cancellation) {
      this.format = format;
      this.out = out;
      this.cancellation = cancellation;
    }

    @Override
    public String read(PreparedQuery prepared, Rows rows) {
      try {
        stream.write(format, prepared, rows, out);
        return "";
      } catch (JacksonIOException e) {
        String reason = "The client takes no more of the answer";
        cancellation.cancel(reason);
        throw new Fault(FaultCode.CANCELLED, reason, e);
      }
    }

    @Override
    public boolean isGiven() {
      return out.isBegun();
    }
  }

  /** How an attempt to answer ended. */
  private sealed interface Attempt {

    record Answered(QueryAnswer answer) implements Attempt {}

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

  private QueryAnswer answer(
      PackageKey key,
      String model,
      QueryRef query,
      Cancellation cancellation,
      ResultReader reader) {
    var tries = new EnumMap<Reason, Integer>(Reason.class);
    while (true) {
      switch (attempt(key, model, query, cancellation, reader)) {
        case Attempt.Answered(QueryAnswer answer) -> {
          return answer;
        }
        case Attempt.Again(Reason reason, RuntimeException failure) -> {
          log.debug("Package {} is queried again: {}", key, reason, failure);
          if (tries.merge(reason, 1, Integer::sum) > reason.most) {
            throw lastOf(key, failure);
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

  private Attempt attempt(
      PackageKey key,
      String model,
      QueryRef query,
      Cancellation cancellation,
      ResultReader reader) {
    LoadedPackage before = served.get(key).content();
    try (var pin = served.pin(key)) {
      return attempt(pin.served(), model, query, cancellation, reader);
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
      ServedPackage packageNow,
      String model,
      QueryRef query,
      Cancellation cancellation,
      ResultReader reader) {
    LoadedPackage content = packageNow.content();
    content.requireQueryable(model);
    PreparedQuery prepared = queries.of(packageNow, model, query);
    ReadFacts facts = ReadFacts.of(packageNow, prepared);
    if (!facts.live().isEmpty() && projects.find(content.snapshot().key()).strict()) {
      throw facts.strictMiss(content.snapshot().key());
    }
    var begun = new AtomicBoolean();
    try {
      String result =
          run(
              content,
              prepared,
              cancellation,
              rows -> {
                begun.set(true);
                return reader.read(prepared, rows);
              });
      return new Attempt.Answered(
          new QueryAnswer(
              result, prepared.sql(), facts.materialized(), facts.live(), facts.warnings()));
    } catch (Engine.EngineException e) {
      if (e instanceof Engine.UnreachableException && !reader.isGiven()) {
        return new Attempt.Again(begun.get() ? Reason.CUT_OFF : Reason.UNREACHABLE, e);
      }
      if (!begun.get() && readsMissing(packageNow, prepared, e)) {
        return new Attempt.Again(Reason.TABLE_GONE, e);
      }
      throw e.toFault(FaultCode.QUERY_FAILED);
    }
  }

  /** Whether a statement failed because a table of its manifest is gone. */
  private static boolean readsMissing(
      ServedPackage packageNow, PreparedQuery prepared, Engine.EngineException failure) {
    try {
      List<ManifestEntry> found = packageNow.findMissing();
      if (!found.isEmpty()) {
        log.warn(
            "Tables of {} are gone from its database: {}; they are computed live until a run builds them again",
            packageNow.content().snapshot().key(),
            found.stream().map(entry -> entry.generation().table()).toList());
        if (packageNow.content().isShared()) {
          // Others drop a version that they take for nobody's table by table; no answer may mix
          // what is left of it with what is computed now.
          packageNow.giveUpTables();
        }
      }
      return prepared.reads().stream()
          .anyMatch(read -> read.hit() && packageNow.isMissing(read.buildId()));
    } catch (Engine.EngineException e) {
      failure.addSuppressed(e);
      return false;
    }
  }

  /** Compiles a caller's text on top of a model, and gives its SQL if wanted. */
  public CheckedSource check(PackageKey key, String model, String source, boolean includeSql) {
    ServedPackage packageNow = served.get(key);
    packageNow.content().requireModel(model);
    return compiler.check(
        packageNow.content(), model, source, includeSql, packageNow.compilerManifest().tables());
  }

  private String run(
      LoadedPackage content,
      PreparedQuery prepared,
      Cancellation cancellation,
      Engine.RowReader<String> reader) {
    String timeout =
        "The query ran longer than %d ms (ingot.query.timeout)"
            .formatted(settings.timeout().toMillis());
    try (var _ = deadlines.cancelAfter(settings.timeout(), cancellation, timeout)) {
      return content.engine(prepared.connectionName()).query(prepared.sql(), cancellation, reader);
    } catch (Cancellation.CancelledException e) {
      boolean late = timeout.equals(cancellation.reason());
      throw new Fault(
          late ? FaultCode.TIMEOUT : FaultCode.CANCELLED, String.valueOf(e.getMessage()), e);
    }
  }
}
