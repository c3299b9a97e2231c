package dev.ingot.engine.duckdb;

import dev.ingot.engine.Engine.EngineException;
import dev.ingot.engine.elsewhere.BucketObjects;
import dev.ingot.engine.elsewhere.ElsewhereState;
import dev.ingot.engine.elsewhere.SiteFiles;
import dev.ingot.project.AttachedDatabase;
import dev.ingot.project.BucketAccess;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** How the files are that URLs stand for now: a pattern stands for all that it matches. */
final class ElsewhereStates implements AutoCloseable {

  private final DuckDbDatabase database;
  private final Map<BucketAccess, BucketObjects> buckets = new ConcurrentHashMap<>();

  /** Null until somebody reads one: most packages don't. Guarded by this. */
  private @Nullable SiteFiles sites;

  ElsewhereStates(DuckDbDatabase database) {
    this.database = database;
  }

  /**
   * In the order of their URLs.
   *
   * @param url one that is granted
   * @throws EngineException when they can't be looked at
   */
  List<ElsewhereState> of(String url) {
    AttachedDatabase one =
        database
            .hardening()
            .grants()
            .of(url)
            .orElseThrow(() -> new IllegalArgumentException(url + " is not granted"));
    database
        .hardening()
        .grants()
        .objection(one)
        .ifPresent(why -> {
          throw new EngineException(
              "%s can't be read: %s".formatted(url, why), new IllegalStateException(why));
        });
    BucketAccess access = one.bucket();
    if (access == null) {
      return sites().state(url).stream().toList();
    }
    BucketObjects objects =
        buckets.computeIfAbsent(
            access, key -> new BucketObjects(key, one.type() == AttachedDatabase.Type.GCS));
    if (!Globs.isOne(url)) {
      return objects.below(url).stream().filter(state -> state.url().equals(url)).toList();
    }
    List<ElsewhereState> below = objects.below(Globs.beginning(url));
    Set<String> matched = Set.copyOf(Globs.matches(database, url));
    return below.stream().filter(state -> matched.contains(state.url())).toList();
  }

  private synchronized SiteFiles sites() {
    SiteFiles known = sites;
    if (known == null) {
      known = new SiteFiles();
      sites = known;
    }
    return known;
  }

  /** Whether it is told when what lies there is changed: some sites say no more than its size. */
  boolean tells(String url) {
    return of(url).stream().allMatch(ElsewhereState::tellsChanges);
  }

  /** The first thing that is otherwise, in plain words. */
  static Optional<String> change(List<ElsewhereState> recorded, List<ElsewhereState> now) {
    var before = new TreeMap<String, ElsewhereState>();
    recorded.forEach(state -> before.put(state.url(), state));
    for (ElsewhereState state : now) {
      ElsewhereState known = before.remove(state.url());
      if (known == null) {
        return Optional.of(state.url() + " is new");
      }
      Optional<String> change = known.change(state);
      if (change.isPresent()) {
        return change;
      }
    }
    return before.isEmpty() ? Optional.empty() : Optional.of(before.firstKey() + " is gone");
  }

  /** What is asked for next is reached anew. */
  @Override
  public synchronized void close() {
    buckets.values().forEach(BucketObjects::close);
    buckets.clear();
    if (sites != null) {
      sites.close();
      sites = null;
    }
  }
}
