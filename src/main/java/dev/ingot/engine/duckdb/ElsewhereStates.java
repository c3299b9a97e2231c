package dev.ingot.engine.duckdb;

import dev.ingot.engine.Engine.EngineException;
import dev.ingot.engine.elsewhere.ElsewhereState;
import dev.ingot.engine.elsewhere.Place;
import dev.ingot.project.AttachedDatabase;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** How the files are that URLs stand for now: a pattern stands for all that it matches. */
final class ElsewhereStates implements AutoCloseable {

  private final DuckDbDatabase database;

  /** Made when somebody reads there: most packages don't. Guarded by this. */
  private final Map<AttachedDatabase, Place> places = new HashMap<>();

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
    Grants grants = database.hardening().grants();
    AttachedDatabase one =
        grants.of(url).orElseThrow(() -> new IllegalArgumentException(url + " is not granted"));
    grants
        .objection(one)
        .ifPresent(why -> {
          throw new EngineException(
              "%s can't be read: %s".formatted(url, why), new IllegalStateException(why));
        });
    Place place = place(one);
    if (one.type() == AttachedDatabase.Type.HTTPS || !Globs.isOne(url)) {
      return place.below(url).stream().filter(state -> state.url().equals(url)).toList();
    }
    List<ElsewhereState> below = place.below(Globs.beginning(url));
    Set<String> matched = Set.copyOf(Globs.matches(database, url));
    return below.stream().filter(state -> matched.contains(state.url())).toList();
  }

  private synchronized Place place(AttachedDatabase one) {
    return places.computeIfAbsent(one, Place::of);
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

  /** Others are granted: what isn't any more is asked nothing further. */
  synchronized void keepOnly(List<AttachedDatabase> granted) {
    places.entrySet().stream()
        .filter(known -> !granted.contains(known.getKey()))
        .map(Map.Entry::getValue)
        .forEach(Place::close);
    places.keySet().retainAll(granted);
  }

  @Override
  public void close() {
    keepOnly(List.of());
  }
}
