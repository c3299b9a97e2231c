package dev.ingot.compile;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What stopped a compiler process: contents whose own models did, and single queries. Asking again
 * would only repeat it, and everybody else would wait meanwhile. What is oldest is forgotten first.
 */
final class Quarantine {

  private static final int MOST = 1000;

  /** A content and what was asked of it; the empty text stands for its models. */
  private record Key(String id, String text) {}

  private final Map<Key, String> stopped = new LinkedHashMap<>();

  /** Contents whose models were compiled once, so that what happens later is not their doing. */
  private final Map<String, Boolean> proven = new LinkedHashMap<>();

  /** How this, or the models that it stands on, stopped a process; null when it didn't. */
  synchronized @Nullable String of(String id, String text) {
    String models = stopped.get(new Key(id, ""));
    return models != null ? models : stopped.get(new Key(id, text));
  }

  synchronized void put(String id, String text, String why) {
    limit(stopped).put(new Key(id, text), why);
  }

  synchronized boolean isProven(String id) {
    return proven.containsKey(id);
  }

  synchronized void prove(String id) {
    limit(proven).put(id, true);
  }

  synchronized void release(String id) {
    stopped.keySet().removeIf(key -> key.id().equals(id));
    proven.remove(id);
  }

  private static <K, V> Map<K, V> limit(Map<K, V> map) {
    if (map.size() >= MOST) {
      map.remove(map.keySet().iterator().next());
    }
    return map;
  }
}
