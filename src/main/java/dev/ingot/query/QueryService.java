package dev.ingot.query;

import dev.ingot.compile.CheckedSource;
import dev.ingot.compile.Givens;
import dev.ingot.compile.MalloyCompiler;
import dev.ingot.engine.Cancellation;
import dev.ingot.engine.Rows;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.manifest.ServedPackage;
import dev.ingot.manifest.ServedPackages;
import dev.ingot.project.PackageKey;
import java.io.OutputStream;
import java.util.Optional;
import org.springframework.stereotype.Service;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.databind.json.JsonMapper;

/** Answers queries. */
@Service
public class QueryService {

  private final ServedPackages served;
  private final MalloyCompiler compiler;
  private final QueryAttempts attempts;
  private final ResultText results;
  private final RowStream stream;

  QueryService(
      ServedPackages served,
      MalloyCompiler compiler,
      QueryAttempts attempts,
      QuerySettings settings,
      JsonMapper mapper) {
    this.served = served;
    this.compiler = compiler;
    this.attempts = attempts;
    results = new ResultText(mapper, settings);
    stream = new RowStream(mapper);
  }

  /**
   * @param compact the rows alone instead of Malloy's stable result
   * @param cancellation ends the statement when somebody cancels it
   * @return empty when the asker has the answer already
   * @throws Fault MODEL_NOT_FOUND, MODEL_INVALID, QUERY_INVALID, QUERY_NOT_FOUND, GIVEN_INVALID,
   *     GIVEN_BOUND, CLAIM_MISSING, AUTHORIZE_NOT_ENFORCED, ACCESS_DENIED, FILTER_REQUIRED,
   *     QUERY_FAILED, STRICT_MISS, RESULT_TOO_LARGE, TIMEOUT, CANCELLED
   */
  public Optional<QueryAnswer> query(Asked asked, boolean compact, Cancellation cancellation) {
    return attempts.answer(asked, cancellation, new Document(compact));
  }

  /**
   * Writes a query's rows as the database gives them, however many they are.
   *
   * @param out is flushed now and then and left open; after a fault, what was written is cut off
   *     anywhere
   * @return false when the asker has the answer already; nothing is written then
   * @throws Fault as {@link #query}; CANCELLED also when {@code out} takes no more
   */
  public boolean stream(
      Asked asked, RowFormat format, OutputStream out, Cancellation cancellation) {
    var attached = new AttachedStream(out);
    try {
      return attempts
          .answer(asked, cancellation, new Streaming(format, attached, cancellation))
          .isPresent();
    } finally {
      attached.cut();
    }
  }

  /**
   * Compiles a caller's text on top of a model, and gives its SQL if wanted.
   *
   * @throws Fault MODEL_NOT_FOUND, MODEL_INVALID, GIVEN_INVALID, GIVEN_BOUND, CLAIM_MISSING,
   *     AUTHORIZE_NOT_ENFORCED, ACCESS_DENIED
   */
  public CheckedSource check(
      PackageKey key, String model, String source, boolean includeSql, Givens givens) {
    ServedPackage packageNow = served.get(key);
    packageNow.content().requireModel(model);
    return compiler.check(
        packageNow.content(),
        model,
        source,
        includeSql,
        packageNow.compilerManifest().tables(),
        givens);
  }

  private final class Document implements ResultReader {
    private final boolean compact;

    Document(boolean compact) {
      this.compact = compact;
    }

    @Override
    public String read(Prepared prepared, Rows rows) {
      return compact ? results.compact(prepared, rows) : results.stable(prepared, rows);
    }

    @Override
    public String form(Prepared prepared) {
      return compact ? "compact" : prepared.head();
    }

    @Override
    public boolean isWhole() {
      return true;
    }

    @Override
    public boolean isGiven() {
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
    public String read(Prepared prepared, Rows rows) {
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
    public String form(Prepared prepared) {
      return format.name();
    }

    @Override
    public boolean isWhole() {
      return false;
    }

    @Override
    public boolean isGiven() {
      return out.isBegun();
    }
  }
}
