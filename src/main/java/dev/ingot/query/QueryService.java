package dev.ingot.query;

import dev.ingot.compile.CheckedSource;
import dev.ingot.compile.CompiledTarget;
import dev.ingot.compile.MalloyCompiler;
import dev.ingot.compile.PreparedQuery;
import dev.ingot.compile.QueryRef;
import dev.ingot.engine.Cancellation;
import dev.ingot.engine.Engine;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.manifest.LoadedPackage;
import dev.ingot.manifest.ManifestEntry;
import dev.ingot.manifest.ServedPackage;
import dev.ingot.manifest.ServedPackages;
import dev.ingot.project.PackageKey;
import java.io.OutputStream;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.springframework.stereotype.Service;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers queries. One query sees one served package from its compilation to its last row, whatever
 * is published meanwhile (promise P1).
 */
@Service
public class QueryService {

  private final ServedPackages served;
  private final MalloyCompiler compiler;
  private final QuerySettings settings;
  private final Deadlines deadlines;
  private final ResultText results;
  private final RowStream stream;

  QueryService(
      ServedPackages served,
      MalloyCompiler compiler,
      QuerySettings settings,
      Deadlines deadlines,
      JsonMapper mapper) {
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
   * @throws Fault MODEL_NOT_FOUND, MODEL_INVALID, QUERY_INVALID, QUERY_NOT_FOUND, QUERY_FAILED,
   *     RESULT_TOO_LARGE, TIMEOUT, CANCELLED
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
    String read(PreparedQuery prepared, ResultSet rows) throws SQLException;
  }

  private QueryAnswer answer(
      PackageKey key,
      String model,
      QueryRef query,
      Cancellation cancellation,
      ResultReader reader) {
    try {
      return answerServed(key, model, query, cancellation, reader);
    } catch (Engine.ClosedException e) {
      // The package moved between the two steps; past its gate the moved one is served.
      served.pastPublication(key, () -> key);
      return answerServed(key, model, query, cancellation, reader);
    }
  }

  private QueryAnswer answerServed(
      PackageKey key,
      String model,
      QueryRef query,
      Cancellation cancellation,
      ResultReader reader) {
    try (var pin = served.pin(key)) {
      ServedPackage packageNow = pin.served();
      LoadedPackage content = packageNow.content();
      content.requireModel(model);
      PreparedQuery prepared =
          compiler.prepare(content, model, query, packageNow.compilerManifest(), false);
      String result = run(content, prepared, cancellation, reader);
      return facts(packageNow, prepared, result);
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
      ResultReader reader) {
    String timeout =
        "The query ran longer than %d ms (ingot.query.timeout)"
            .formatted(settings.timeout().toMillis());
    Future<?> deadline = deadlines.cancelAfter(settings.timeout(), cancellation, timeout);
    try {
      return content
          .engine(prepared.connectionName())
          .query(prepared.sql(), cancellation, rows -> reader.read(prepared, rows));
    } catch (Cancellation.CancelledException e) {
      String reason = String.valueOf(e.getMessage());
      throw new Fault(reason.equals(timeout) ? FaultCode.TIMEOUT : FaultCode.CANCELLED, reason, e);
    } catch (Engine.EngineException e) {
      throw e.toFault(FaultCode.QUERY_FAILED);
    } finally {
      deadline.cancel(false);
    }
  }

  private static QueryAnswer facts(
      ServedPackage packageNow, PreparedQuery prepared, String result) {
    var materialized = new ArrayList<QueryAnswer.MaterializedRead>();
    var live = new ArrayList<QueryAnswer.LiveRead>();
    for (PreparedQuery.Read read : prepared.reads()) {
      ManifestEntry entry = packageNow.table(read.buildId());
      if (read.hit() && entry != null) {
        materialized.add(
            new QueryAnswer.MaterializedRead(
                entry.sourceNames().getFirst(),
                entry.declared().toString(),
                entry.generation().table().toString(),
                read.buildId(),
                entry.generation().builtAt()));
      } else {
        live.add(
            new QueryAnswer.LiveRead(
                sourceName(packageNow.content(), read.buildId()),
                packageNow.liveReason(read.buildId())));
      }
    }
    return new QueryAnswer(
        result, prepared.sql(), List.copyOf(materialized), List.copyOf(live), prepared.problems());
  }

  private static String sourceName(LoadedPackage content, String buildId) {
    return content
        .compiled()
        .target(buildId)
        .map(CompiledTarget::sourceNames)
        .map(List::getFirst)
        .orElse(buildId);
  }
}
