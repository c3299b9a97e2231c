package dev.ingot.state;

import dev.ingot.project.PackageKey;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Remembers contents, which never change: a run asks for the current one several times, and the
 * store behind it may be far away.
 */
public final class KnownEntries implements VersionEntries {

  private final VersionEntries behind;

  private final Recent<Content, List<EntryRow>> known = new Recent<>();

  private record Content(PackageKey key, String id) {}

  public KnownEntries(VersionEntries behind) {
    this.behind = behind;
  }

  @Override
  public void append(PackageKey key, String content, List<EntryRow> entries) {
    behind.append(key, content, entries);
    remember(key, content, entries);
  }

  @Override
  public List<EntryRow> read(PackageKey key, String content) {
    if (content.isEmpty()) {
      return List.of();
    }
    return known
        .find(new Content(key, content))
        .orElseGet(() -> {
          List<EntryRow> found = behind.read(key, content);
          remember(key, content, found);
          return found;
        });
  }

  /** None may also mean: not yet. */
  private void remember(PackageKey key, String content, List<EntryRow> entries) {
    if (!entries.isEmpty()) {
      known.put(new Content(key, content), List.copyOf(entries));
    }
  }

  @Override
  public void forget(PackageKey key, Collection<String> contents) {
    behind.forget(key, contents);
    known.removeAll(contents.stream().map(content -> new Content(key, content)).toList());
  }

  @Override
  public Set<String> contents(PackageKey key) {
    return behind.contents(key);
  }
}
