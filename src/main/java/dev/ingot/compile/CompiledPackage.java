package dev.ingot.compile;

import dev.ingot.fault.Problem;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What all models of a package have to build, together.
 *
 * @param reads what may read a declared table past the manifest
 * @param problems every problem, those of the models too
 */
public record CompiledPackage(
    List<Model> models,
    List<CompiledTarget> targets,
    List<TableRead> reads,
    List<Problem> problems) {

  /** A model in short. */
  public record Model(String path, boolean ok, boolean persistence, List<Problem> problems) {}

  /** A source that is a table or a SELECT of the database; one of the two is null. */
  public record TableRead(
      String connectionName,
      @Nullable String table,
      @Nullable String sql,
      String model,
      @Nullable Integer line,
      @Nullable Integer column) {}

  public Optional<CompiledTarget> target(String buildId) {
    return targets.stream().filter(target -> target.buildId().equals(buildId)).findFirst();
  }
}
