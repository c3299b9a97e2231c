package dev.ingot.state;

import dev.ingot.project.PackageKey;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Remembers contents, which never change: a run asks for the current one several times, and the
 * store behind it may be far away.
 */
public final class KnownEntries implements VersionEntries {

  private static final int MOST = 500;

  private final VersionEntries behind;

  /** Guarded by itself. */
  private final Map<List<Object>, List<EntryRow>> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<List<Object>, List<EntryRow>> eldest) {
          return size() > MOST;
        }
      };

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
    List<EntryRow> found;
    synchronized (known) {
      found = known.get(List.of(key, content));
    }
    if (found == null) {
      found = behind.read(key, content);
      remember(key, content, found);
    }
    return found;
  }

  /** None may also mean: not yet. */
  private void remember(PackageKey key, String content, List<EntryRow> entries) {
    if (!entries.isEmpty()) {
      synchronized (known) {
        known.put(List.of(key, content), List.copyOf(entries));
      }
    }
  }

  @Override
  public void forget(PackageKey key, Collection<String> contents) {
    behind.forget(key, contents);
    synchronized (known) {
      contents.forEach(content -> known.remove(List.of(key, content)));
    }
  }

  @Override
  public Set<String> contents(PackageKey key) {
    return behind.contents(key);
  }
}
