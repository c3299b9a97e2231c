package dev.ingot.manifest;

import dev.ingot.compile.CompiledTarget;
import dev.ingot.engine.Engine;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What queries are answered with: one content and one manifest version. Immutable but for the count
 * of queries that hold it, and for tables that somebody else has dropped.
 */
public final class ServedPackage {

  private final LoadedPackage content;
  private final @Nullable ManifestVersion version;
  private final Map<String, ManifestEntry> tables;

  /** BuildIDs whose tables were found to be gone. */
  private final Set<String> missing = ConcurrentHashMap.newKeySet();

  private volatile CompilerManifest manifest;

  private int pins;

  /** Held by a query from its compilation to its last row. */
  public interface Pin extends AutoCloseable {

    ServedPackage served();

    @Override
    void close();
  }

  public ServedPackage(LoadedPackage content, @Nullable ManifestVersion version) {
    this.content = content;
    this.version = version;
    var usable = new LinkedHashMap<String, ManifestEntry>();
    if (version != null) {
      for (ManifestEntry entry : version.entries()) {
        // A package that was moved has other data; its old tables would be silently wrong.
        if (content.isOver(entry.generation())) {
          usable.put(entry.buildId(), entry);
        }
      }
    }
    tables = Map.copyOf(usable);
    manifest = thoseThatAreThere();
  }

  public LoadedPackage content() {
    return content;
  }

  /** The number of the version that is served; 0 before the first. */
  public long versionNumber() {
    return version == null ? 0 : version.number();
  }

  @Nullable ManifestVersion version() {
    return version;
  }

  /** Those of the version that were built over this content. */
  public Stream<ManifestEntry> tables() {
    return tables.values().stream();
  }

  public @Nullable ManifestEntry table(String buildId) {
    return tables.get(buildId);
  }

  /** The tables that a query may be compiled to read. */
  public CompilerManifest compilerManifest() {
    return manifest;
  }

  private CompilerManifest thoseThatAreThere() {
    var there = new HashMap<String, String>();
    tables.forEach((buildId, entry) -> {
      if (!missing.contains(buildId)) {
        there.put(buildId, entry.generation().table().sql());
      }
    });
    return CompilerManifest.of(there);
  }

  /**
   * Makes its tables readable here, those that other servers built.
   *
   * @throws Engine.EngineException when a database refuses
   */
  public void attachTables() {
    content.attach(tables.values().stream().map(ManifestEntry::generation).toList());
  }

  /**
   * Asks the databases for all tables and doesn't count on those any more that are gone.
   *
   * @return those that were not known to be gone before
   * @throws Engine.EngineException when a database can't say
   */
  public List<ManifestEntry> findMissing() {
    Set<String> there =
        content.built(tables.values().stream().map(ManifestEntry::generation).toList());
    List<ManifestEntry> gone =
        tables.values().stream().filter(entry -> !there.contains(entry.generation().id())).toList();
    return countOut(gone);
  }

  /**
   * @return those that weren't known to be gone before
   */
  private synchronized List<ManifestEntry> countOut(Collection<ManifestEntry> gone) {
    List<ManifestEntry> found =
        gone.stream().filter(entry -> missing.add(entry.buildId())).toList();
    if (!found.isEmpty()) {
      manifest = thoseThatAreThere();
    }
    return found;
  }

  /** Counts on no table any more: some of the version are gone, and the others may go next. */
  public void giveUpTables() {
    countOut(tables.values());
  }

  /** True when its table is in the version, but was found to be gone from the database. */
  public boolean isMissing(String buildId) {
    return missing.contains(buildId);
  }

  /** Why a persist source was computed live. */
  public String liveReason(String buildId) {
    if (missing.contains(buildId)) {
      return "TABLE_MISSING";
    }
    boolean moved = version != null && version.entry(buildId).isPresent();
    if (moved) {
      return "MOVED";
    }
    Set<String> names =
        content
            .compiled()
            .target(buildId)
            .map(CompiledTarget::sourceNames)
            .<Set<String>>map(LinkedHashSet::new)
            .orElse(Set.of());
    boolean known =
        version != null
            && version.entries().stream()
                .anyMatch(entry -> entry.sourceNames().stream().anyMatch(names::contains));
    return known ? "SQL_CHANGED" : "NOT_BUILT";
  }

  public Pin pin() {
    count(1);
    var open = new AtomicBoolean(true);
    return new Pin() {
      @Override
      public ServedPackage served() {
        return ServedPackage.this;
      }

      @Override
      public void close() {
        if (open.getAndSet(false)) {
          count(-1);
        }
      }
    };
  }

  /** Ids of the generations that it reads. */
  Set<String> generations() {
    return tables.values().stream()
        .map(entry -> entry.generation().id())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** How many queries hold it. */
  public synchronized int pins() {
    return pins;
  }

  private synchronized void count(int change) {
    pins += change;
    notifyAll();
  }

  /**
   * @param end by {@link System#nanoTime()}
   * @return false when a query still holds it then
   */
  synchronized boolean awaitUnpinned(long end) {
    try {
      while (pins > 0) {
        long left = end - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
