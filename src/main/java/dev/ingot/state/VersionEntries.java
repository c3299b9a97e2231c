package dev.ingot.state;

import dev.ingot.engine.TableName;
import dev.ingot.project.PackageKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * What manifest versions have in them, by the id of their content. A content is written once,
 * before the version that shows it, and never changed; one that no version shows is harmless.
 */
public interface VersionEntries {

  /** Nothing happens when the content is there already: a retry must not double it. */
  void append(PackageKey key, String content, List<EntryRow> entries);

  /** In their order; empty when there is no such content. */
  List<EntryRow> read(PackageKey key, String content);

  void forget(PackageKey key, Collection<String> contents);

  /** The ids of all contents of a package. */
  Set<String> contents(PackageKey key);

  /**
   * @param generation its id
   */
  record EntryRow(String generation, TableName declared, List<String> sourceNames) {

    public EntryRow {
      sourceNames = List.copyOf(sourceNames);
    }

    /** As columns: project, package, content, place, generation, declared name, source names. */
    public static List<List<Object>> columns(
        PackageKey key, String content, List<EntryRow> entries) {
      var rows = new ArrayList<List<Object>>();
      for (EntryRow entry : entries) {
        rows.add(
            List.of(
                key.project().value(),
                key.name().value(),
                content,
                rows.size(),
                entry.generation(),
                entry.declared().schema(),
                entry.declared().name(),
                Columns.json(entry.sourceNames())));
      }
      return rows;
    }
  }
}
