package dev.ingot.state.store;

import dev.ingot.manifest.ManifestEntry;
import dev.ingot.manifest.ManifestVersion;
import dev.ingot.project.PackageKey;
import dev.ingot.state.ControlState;
import dev.ingot.state.PackageLock;
import dev.ingot.state.SharedEvent;
import dev.ingot.state.VersionEntries.EntryRow;
import java.util.List;
import java.util.Optional;

/**
 * What a manifest version has in it. It is read before the package is locked: it may lie in a lake.
 *
 * @param number of the version; 0 before the first
 * @param generations their ids
 */
record PublishedContent(long number, List<String> generations) {

  PublishedContent {
    generations = List.copyOf(generations);
  }

  /** Of the version with this number; of one that is there no more, nothing. */
  static PublishedContent of(ControlState state, PackageKey key, long number) {
    Optional<String> content = state.read(session -> VersionRows.content(session, key, number));
    return new PublishedContent(
        number,
        content.map(id -> state.entries().read(key, id)).stream()
            .flatMap(List::stream)
            .map(EntryRow::generation)
            .toList());
  }

  /** Of a version that no other takes the place of, so that nobody has to know what it has. */
  static PublishedContent thatStays(long number) {
    return new PublishedContent(number, List.of());
  }

  static PublishedContent current(ControlState state, PackageKey key) {
    return of(state, key, state.read(session -> CurrentRows.number(session, key)));
  }

  boolean isCurrent(PackageLock lock) {
    return CurrentRows.number(lock.session(), lock.key()) == number;
  }

  /**
   * Makes another version the current one; what only this one has, which is the current one, is
   * superseded.
   *
   * @param content the id of what the next one has in it, written already
   * @param follow whether servers that follow take it up by themselves
   */
  void replace(PackageLock lock, ManifestVersion next, String content, boolean follow) {
    GenerationRows.supersede(lock, generations, next.publishedAt());
    GenerationRows.supersede(
        lock, next.entries().stream().map(entry -> entry.generation().id()).toList(), null);
    VersionRows.insert(lock, next, content, follow);
    CurrentRows.move(lock, next.number());
    lock.tell(new SharedEvent.Published(lock.key()));
  }

  /** Entries as a place of state keeps them. */
  static List<EntryRow> rows(List<ManifestEntry> entries) {
    return entries.stream()
        .map(entry -> new EntryRow(entry.generation().id(), entry.declared(), entry.sourceNames()))
        .toList();
  }
}
