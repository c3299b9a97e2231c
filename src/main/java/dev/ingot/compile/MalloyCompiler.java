package dev.ingot.compile;

import dev.ingot.fault.Fault;
import java.util.Map;

/**
 * What Ingot asks of Malloy's compiler. A manifest is a map from BuildID to the table path that
 * replaces the source. Every method throws {@link Fault}: COMPILER_FAILED when the compiler was
 * stopped by a deadline or died, MODEL_INVALID when the model doesn't compile.
 */
public interface MalloyCompiler {

  /** Compiles every model, so that what is asked of them afterwards needn't wait for that. */
  void compile(CompilerInput input);

  /** Says what is to be built; a model that doesn't compile is reported, not thrown. */
  CompiledPackage plan(CompilerInput input);

  /** Compiles one model; errors are in the report. */
  ModelReport model(CompilerInput input, String model);

  /** The SELECT that builds a source, reading the tables that the manifest has. */
  String buildSql(CompilerInput input, String model, String sourceId, Map<String, String> manifest);

  /** The columns that those of a source's table are made of, for the same SELECT. */
  ColumnLineage columnLineage(
      CompilerInput input, String model, String sourceId, Map<String, String> manifest);

  /**
   * @throws Fault QUERY_INVALID, QUERY_NOT_FOUND, GIVEN_INVALID, GIVEN_BOUND, CLAIM_MISSING,
   *     AUTHORIZE_NOT_ENFORCED, ACCESS_DENIED, FILTER_REQUIRED
   */
  PreparedQuery prepare(
      CompilerInput input,
      String model,
      QueryRef query,
      Map<String, String> manifest,
      Givens givens);

  /**
   * Compiles a caller's text on top of a model, restricted as queries are.
   *
   * @throws Fault GIVEN_INVALID, GIVEN_BOUND, CLAIM_MISSING, AUTHORIZE_NOT_ENFORCED, ACCESS_DENIED
   */
  CheckedSource check(
      CompilerInput input,
      String model,
      String source,
      boolean includeSql,
      Map<String, String> manifest,
      Givens givens);

  /** Forgets a content that nobody will ask about again. */
  void release(String id);

  /** Malloy's version. */
  String malloyVersion();
}
