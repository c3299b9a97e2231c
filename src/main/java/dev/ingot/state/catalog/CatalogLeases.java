package dev.ingot.state.catalog;

import dev.ingot.project.LeaseSettings;
import dev.ingot.project.PackageKey;
import dev.ingot.state.Tenure;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The runs of one catalog that this process carries out, and until when it may.
 *
 * <p>The deadline is measured from before the database was asked, on a clock that goes on while the
 * process stands still; so it is over here before it is over there.
 */
final class CatalogLeases {

  private final JdbcClient catalog;
  private final Tenure tenure;
  private final LeaseSettings settings;
  private final LongSupplier nanos;
  private final Map<String, Held> held = new ConcurrentHashMap<>();

  /**
   * @param deadline by the nanos
   */
  record Held(PackageKey key, String runId, long deadline) {}

  CatalogLeases(JdbcClient catalog, Tenure tenure, LeaseSettings settings, LongSupplier nanos) {
    this.catalog = catalog;
    this.tenure = tenure;
    this.settings = settings;
    this.nanos = nanos;
  }

  /** To be read before a claim is asked for. */
  long now() {
    return nanos.getAsLong();
  }

  /**
   * @param asked when it was asked for
   * @return false when it is held already
   */
  boolean hold(PackageKey key, String runId, long asked) {
    var one = new Held(key, runId, asked + settings.lease().toNanos());
    return held.putIfAbsent(runId, one) == null;
  }

  /** Returns what it was, if it was held. */
  Optional<Held> release(String runId) {
    return Optional.ofNullable(held.remove(runId));
  }

  /** What was released is held after all. */
  void restore(Held one) {
    held.putIfAbsent(one.runId(), one);
  }

  /**
   * Renews all of them.
   *
   * @return those that are this process's no more
   */
  List<Held> renew() {
    Set<String> ids = Set.copyOf(held.keySet());
    if (ids.isEmpty()) {
      return List.of();
    }
    String sql =
        """
        UPDATE running SET expires_at = %s
        WHERE holder = :holder AND run IN (:ids) AND expires_at > %s
        RETURNING run
        """
            .formatted(tenure.expiry(), tenure.now());
    long asked = nanos.getAsLong();
    var renewed =
        new HashSet<>(
            catalog
                .sql(sql)
                .param("holder", tenure.holder())
                .param("ids", ids)
                .query(String.class)
                .list());
    var lost = new ArrayList<Held>();
    for (String id : ids) {
      if (renewed.contains(id)) {
        long deadline = asked + settings.lease().toNanos();
        // Unless it was released meanwhile.
        held.computeIfPresent(id, (same, one) -> new Held(one.key(), id, deadline));
      } else {
        release(id).ifPresent(lost::add);
      }
    }
    return lost;
  }

  /** Those whose time is over here, before it is over for the others. */
  List<Held> expire() {
    long margin = settings.patience().toNanos();
    List<Held> over =
        held.values().stream()
            .filter(one -> one.deadline() - margin - nanos.getAsLong() < 0)
            .toList();
    return over.stream().flatMap(one -> release(one.runId()).stream()).toList();
  }
}
