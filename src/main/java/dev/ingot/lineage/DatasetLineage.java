package dev.ingot.lineage;

import dev.ingot.compile.ColumnLineage;
import dev.ingot.compile.CompiledTarget;
import dev.ingot.compile.MalloyCompiler;
import dev.ingot.engine.Dataset;
import dev.ingot.engine.EngineColumn;
import dev.ingot.materialization.Lineage;
import dev.ingot.materialization.TargetBuild;
import dev.ingot.materialization.TargetLineage;
import dev.ingot.materialization.TargetLineage.Column;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * What tables are made of, as datasets: what the database's parser finds in the SQL that was run,
 * and for their columns what the compiler knows of the model. Nothing is guessed; what neither of
 * them tells is left out.
 */
@Component
class DatasetLineage implements Lineage {

  private static final Logger log = LoggerFactory.getLogger(DatasetLineage.class);

  private static final List<TargetLineage.Input> NOTHING = List.of();

  private final LineageReceiver receiver;
  private final MalloyCompiler compiler;

  DatasetLineage(LineageReceiver receiver, MalloyCompiler compiler) {
    this.receiver = receiver;
    this.compiler = compiler;
  }

  @Override
  public @Nullable TargetLineage begun(TargetBuild build) {
    return receiver.isThere() ? lineage(build, List.of(), List.of()) : null;
  }

  @Override
  public @Nullable TargetLineage built(TargetBuild build, String sql) {
    if (!receiver.isThere()) {
      return null;
    }
    var inputs = new InputDatasets(build);
    Set<Dataset> read = known(build, () -> inputs.readBy(sql), Set.of());
    List<EngineColumn> columns =
        known(build, () -> build.engine().describeTable(build.into().table().sql()), List.of());
    Map<String, ColumnLineage.Column> made = known(build, () -> made(build), Map.of());
    return lineage(
        build,
        List.copyOf(read),
        columns.stream()
            .map(column ->
                new Column(
                    column.name(),
                    column.type(),
                    Optional.ofNullable(made.get(column.name()))
                        .map(one -> known(build, () -> inputs.of(one, read), NOTHING))
                        .orElse(NOTHING)))
            .toList());
  }

  private static TargetLineage lineage(
      TargetBuild build, List<Dataset> inputs, List<Column> columns) {
    return new TargetLineage(
        build.target().compiled().gated(),
        build.engine().dataset(build.target().declared()),
        inputs,
        columns);
  }

  private Map<String, ColumnLineage.Column> made(TargetBuild build) {
    CompiledTarget.Source source = build.target().compiled().sources().getFirst();
    ColumnLineage lineage =
        compiler.columnLineage(
            build.content(), source.model(), source.sourceId(), build.manifest());
    var byName = new HashMap<String, ColumnLineage.Column>();
    lineage.columns().forEach(column -> byName.put(column.name(), column));
    return byName;
  }

  /** The table is built, whatever can't be said of it. */
  private static <T> T known(TargetBuild build, Supplier<T> question, T unknown) {
    try {
      return question.get();
    } catch (RuntimeException e) {
      log.warn(
          "A part of the lineage of {} isn't known: {}", build.target().declared(), e.toString());
      return unknown;
    }
  }
}
