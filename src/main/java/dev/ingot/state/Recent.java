package dev.ingot.state;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A bounded number of values, those that were used last; for any number of threads. */
public final class Recent<K, V> {

  private static final int MOST = 500;

  /** Guarded by itself. */
  private final Map<K, V> values =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
          return size() > MOST;
        }
      };

  public Optional<V> find(K key) {
    synchronized (values) {
      return Optional.ofNullable(values.get(key));
    }
  }

  public void put(K key, V value) {
    synchronized (values) {
      values.put(key, value);
    }
  }

  public void removeAll(Collection<K> keys) {
    synchronized (values) {
      values.keySet().removeAll(keys);
    }
  }
}
