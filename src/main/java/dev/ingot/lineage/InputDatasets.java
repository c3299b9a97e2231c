package dev.ingot.lineage;

import dev.ingot.compile.ColumnLineage;
import dev.ingot.engine.Dataset;
import dev.ingot.materialization.TargetBuild;
import dev.ingot.materialization.TargetLineage;
import dev.ingot.plan.PlannedTarget;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The datasets that a table is built from. */
final class InputDatasets {

  private final TargetBuild build;

  /** By what stands in SQL for a table of a connection. */
  private final Map<List<String>, Optional<Dataset>> named = new HashMap<>();

  InputDatasets(TargetBuild build) {
    this.build = build;
  }

  /** Tables of the package under their declared names, not those of their generations. */
  Set<Dataset> readBy(String sql) {
    var read = new LinkedHashSet<>(build.engine().datasetsIn(sql));
    for (String buildId : build.target().compiled().dependsOn()) {
      String physical = build.manifest().get(buildId);
      if (physical != null) {
        read.removeAll(build.engine().datasetsIn("SELECT * FROM " + physical));
        target(buildId).ifPresent(read::add);
      }
    }
    return read;
  }

  private Optional<Dataset> target(String buildId) {
    return build.plan().targets().stream()
        .filter(target -> target.buildId().equals(buildId))
        .findFirst()
        .map(this::declared);
  }

  private Dataset declared(PlannedTarget target) {
    return build.content().engine(target.compiled().connectionName()).dataset(target.declared());
  }

  /**
   * What a column is made of; nothing where that isn't known of all of it.
   *
   * @param read what the table is built from: the compiler may not know better
   */
  List<TargetLineage.Input> of(ColumnLineage.Column column, Set<Dataset> read) {
    var inputs = new ArrayList<TargetLineage.Input>();
    for (ColumnLineage.Input input : column.inputs()) {
      Optional<Dataset> dataset = dataset(input).filter(read::contains);
      if (dataset.isEmpty()) {
        return List.of();
      }
      inputs.add(new TargetLineage.Input(dataset.get(), input.field(), input.use()));
    }
    return inputs;
  }

  private Optional<Dataset> dataset(ColumnLineage.Input input) {
    String buildId = input.buildId();
    if (buildId != null) {
      return target(buildId);
    }
    String connection = input.connectionName();
    String table = input.table();
    return connection == null || table == null
        ? Optional.empty()
        : named.computeIfAbsent(List.of(connection, table), it -> named(connection, table));
  }

  private Optional<Dataset> named(String connection, String table) {
    Set<Dataset> read = build.content().engine(connection).datasetsIn("SELECT * FROM " + table);
    return read.size() == 1 ? Optional.of(read.iterator().next()) : Optional.empty();
  }
}
