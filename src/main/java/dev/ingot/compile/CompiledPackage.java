package dev.ingot.compile;

import dev.ingot.fault.Problem;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
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

  /**
   * A model in short.
   *
   * @param planned whether it is known what it wants built; not where it doesn't compile, nor where
   *     one of its tables can't be expressed
   * @param imports the models that it imports itself; none where it doesn't compile
   */
  public record Model(
      String path,
      boolean ok,
      boolean planned,
      boolean persistence,
      List<String> imports,
      List<Problem> problems) {}

  /** A source that is a table or a SELECT of the database; one of the two is null. */
  public record TableRead(
      String connectionName,
      @Nullable String table,
      @Nullable String sql,
      String model,
      @Nullable Integer line,
      @Nullable Integer column) {

    private TableRead on(String connection) {
      return new TableRead(connection, table, sql, model, line, column);
    }
  }

  /** The same on the connections that those of the models stand for. */
  public CompiledPackage on(UnaryOperator<String> connection) {
    return new CompiledPackage(
        models,
        targets.stream().map(one -> one.on(connection.apply(one.connectionName()))).toList(),
        reads.stream().map(one -> one.on(connection.apply(one.connectionName()))).toList(),
        problems);
  }

  /** These models and all that they import, directly or not. */
  public Set<String> withImports(Collection<String> paths) {
    var reached = new HashSet<String>();
    var pending = new ArrayDeque<String>(paths);
    while (!pending.isEmpty()) {
      String path = pending.remove();
      if (reached.add(path)) {
        models.stream()
            .filter(model -> model.path().equals(path))
            .forEach(model -> pending.addAll(model.imports()));
      }
    }
    return reached;
  }

  public Optional<CompiledTarget> target(String buildId) {
    return targets.stream().filter(target -> target.buildId().equals(buildId)).findFirst();
  }
}
