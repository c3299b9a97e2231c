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
import java.util.List;
import java.util.concurrent.Future;
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

  /** How often a query follows a package that moves while it is asked. */
  private static final int MOVES = 3;

  private static final Logger log = LoggerFactory.getLogger(QueryService.class);

  private final ProjectService projects;
  private final ServedPackages served;
  private final MalloyCompiler compiler;
  private final QuerySettings settings;
  private final Deadlines deadlines;
  private final ResultText results;
  private final RowStream stream;

  QueryService(
      ProjectService projects,
      ServedPackages served,
      MalloyCompiler compiler,
      QuerySettings settings,
      Deadlines deadlines,
      JsonMapper mapper) {
    this.projects = projects;
    this.served = served;
    this.compiler = compiler;
    this.settings = settings;
    this.deadlines = deadlines;
    results = new ResultText(mapper, settings);
    stream = new RowStream(mapper);
  }

  /**
   * @param compact the rows alone instead of Malloy's stable result
   * @param cancellation ends the statement when somebody cancels it
   * @throws Fault MODEL_NOT_FOUND, MODEL_INVALID, QUERY_INVALID, QUERY_NOT_FOUND,
   *     AUTHORIZE_NOT_ENFORCED, QUERY_FAILED, STRICT_MISS, RESULT_TOO_LARGE, TIMEOUT, CANCELLED
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
    answer(
        key,
        model,
        query,
        cancellation,
        (prepared, rows) -> {
          try {
            stream.write(format, prepared, rows, out);
            return "";
          } catch (JacksonIOException e) {
            String reason = "The client takes no more of the answer";
            cancellation.cancel(reason);
            throw new Fault(FaultCode.CANCELLED, reason, e);
          }
        });
  }

  /** Makes a result from the rows of a prepared query. */
  private interface ResultReader {
    String read(PreparedQuery prepared, Rows rows);
  }

  private QueryAnswer answer(
      PackageKey key,
      String model,
      QueryRef query,
      Cancellation cancellation,
      ResultReader reader) {
    for (int moves = 0; moves <= MOVES; moves++) {
      LoadedPackage content = served.get(key).content();
      try {
        return answerServed(key, model, query, cancellation, reader);
      } catch (Engine.ClosedException e) {
        log.debug("Package {} moved while it was queried", key, e);
        served.awaitMove(key);
      } catch (Fault e) {
        // Its database may have been closed while a model was compiled.
        if (e.code() != FaultCode.MODEL_INVALID || !hasMoved(key, content)) {
          throw e;
        }
      }
    }
    throw new Fault(
        FaultCode.PACKAGE_BUSY, "Package %s is moved again and again; ask again".formatted(key));
  }

  private boolean hasMoved(PackageKey key, LoadedPackage content) {
    served.awaitMove(key);
    return !served.get(key).content().equals(content);
  }

  private QueryAnswer answerServed(
      PackageKey key,
      String model,
      QueryRef query,
      Cancellation cancellation,
      ResultReader reader) {
    try (var pin = served.pin(key)) {
      ServedPackage packageNow = pin.served();
      packageNow.content().requireModel(model);
      while (true) {
        PreparedQuery prepared =
            compiler.prepare(
                packageNow.content(), model, query, packageNow.compilerManifest(), false);
        ReadFacts facts = ReadFacts.of(packageNow, prepared);
        if (!facts.live().isEmpty() && projects.find(key).strict()) {
          throw facts.strictMiss(key);
        }
        var begun = new AtomicBoolean();
        try {
          String result =
              run(
                  packageNow.content(),
                  prepared,
                  cancellation,
                  rows -> {
                    begun.set(true);
                    return reader.read(prepared, rows);
                  });
          return new QueryAnswer(
              result, prepared.sql(), facts.materialized(), facts.live(), facts.warnings());
        } catch (Engine.EngineException e) {
          if (begun.get() || !readsMissing(packageNow, prepared, e)) {
            throw e.toFault(FaultCode.QUERY_FAILED);
          }
        }
      }
    }
  }

  /**
   * Whether a statement failed because a table of its manifest is gone. It is compiled without that
   * one then, and so can't fail of it again.
   */
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
        packageNow.content(), model, source, includeSql, packageNow.compilerManifest());
  }

  private String run(
      LoadedPackage content,
      PreparedQuery prepared,
      Cancellation cancellation,
      Engine.RowReader<String> reader) {
    String timeout =
        "The query ran longer than %d ms (ingot.query.timeout)"
            .formatted(settings.timeout().toMillis());
    Future<?> deadline = deadlines.cancelAfter(settings.timeout(), cancellation, timeout);
    try {
      return content.engine(prepared.connectionName()).query(prepared.sql(), cancellation, reader);
    } catch (Cancellation.CancelledException e) {
      String reason = String.valueOf(e.getMessage());
      throw new Fault(reason.equals(timeout) ? FaultCode.TIMEOUT : FaultCode.CANCELLED, reason, e);
    } finally {
      deadline.cancel(false);
    }
  }
}
