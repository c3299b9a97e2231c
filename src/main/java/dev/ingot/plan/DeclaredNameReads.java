package dev.ingot.plan;

import dev.ingot.compile.CompiledPackage.TableRead;
import dev.ingot.compile.CompiledTarget;
import dev.ingot.engine.TableName;
import dev.ingot.fault.Problem;
import dev.ingot.manifest.LoadedPackage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Set;

/**
 * Warns of models that read a table of their own package by its name. That is a view which moves by
 * itself: such a query may mix two versions (promise P1), and a build of it doesn't wait for the
 * table.
 */
final class DeclaredNameReads {

  private DeclaredNameReads() {}

  static List<Problem> warnings(
      LoadedPackage content, List<CompiledTarget> targets, TableNames names) {
    var declared = new HashMap<List<Object>, CompiledTarget>();
    for (CompiledTarget target : targets) {
      TableName name = names.of(target);
      if (name != null) {
        declared.put(List.of(target.connectionName(), name.folded()), target);
      }
    }
    var warnings = new ArrayList<Problem>();
    for (TableRead read : content.compiled().reads()) {
      for (TableName table : tables(content, read)) {
        CompiledTarget target = declared.get(List.of(read.connectionName(), table.folded()));
        if (target != null) {
          warnings.add(warning(read, table, target));
        }
      }
    }
    return warnings;
  }

  private static Set<TableName> tables(LoadedPackage content, TableRead read) {
    String select = read.sql() == null ? "SELECT * FROM " + read.table() : read.sql();
    return content.engine(read.connectionName()).namedIn(select);
  }

  private static Problem warning(TableRead read, TableName table, CompiledTarget target) {
    return Problem.warning(
        "declared_name_read",
        "This reads the table %s by its name, past the manifest, so a query of it can mix two versions: use the source '%s' instead"
            .formatted(table, target.sourceNames().getFirst()),
        read.model(),
        read.line(),
        read.column());
  }
}
