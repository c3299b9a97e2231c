package dev.ingot.state;

import dev.ingot.engine.TableName;
import dev.ingot.project.PackageKey;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * The entries of manifest versions, under the id of a content. They are appended before the version
 * that refers to them is committed, and never changed: one that nobody refers to harms nobody.
 */
interface VersionEntries {

  /** Adds a content; one that is there already stays as it is. */
  void append(PackageKey key, String content, List<EntryRow> entries);

  /** In the order they were given; empty when there is no such content. */
  List<EntryRow> read(PackageKey key, String content);

  void forget(PackageKey key, Collection<String> contents);

  /** The contents that have entries. */
  Set<String> contents(PackageKey key);

  /**
   * One of them.
   *
   * @param generation its id
   */
  record EntryRow(String generation, TableName declared, List<String> sourceNames) {}
}
