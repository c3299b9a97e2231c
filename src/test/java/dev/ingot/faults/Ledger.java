package dev.ingot.faults;

import dev.ingot.manifest.Generation;
import dev.ingot.manifest.ManifestStore;
import dev.ingot.project.PackageKey;
import dev.ingot.testing.PackageDatabase;
import dev.ingot.testing.Server;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Compares the tables of a package's database with the records. */
final class Ledger {

  private Ledger() {}

  /** Of the generations on record, with a question mark at those that never got finished. */
  static List<String> ids(Server server, String packageName) {
    return server.bean(ManifestStore.class).generations(PackageKey.of("p", packageName)).stream()
        .map(one -> one.builtAt() == null ? one.id() + "?" : one.id())
        .toList();
  }

  /** Tables that nobody recorded, and records of tables that aren't there or never got finished. */
  static List<String> differences(Server server, String packageName) {
    var recorded = new TreeSet<String>();
    var differences = new ArrayList<String>();
    for (Generation generation :
        server.bean(ManifestStore.class).generations(PackageKey.of("p", packageName))) {
      recorded.add(generation.table().toString());
      if (generation.builtAt() == null) {
        differences.add("unfinished " + generation.table());
      }
    }
    var tables =
        new TreeSet<>(
            PackageDatabase.of(server, packageName)
                .rows(
                    """
                    SELECT schema_name || '.' || table_name FROM duckdb_tables()
                    WHERE database_name = current_database()
                    """));
    tables.stream()
        .filter(t -> !recorded.contains(t))
        .map(t -> "orphan " + t)
        .forEach(differences::add);
    recorded.stream()
        .filter(t -> !tables.contains(t))
        .map(t -> "missing " + t)
        .forEach(differences::add);
    return differences;
  }
}
