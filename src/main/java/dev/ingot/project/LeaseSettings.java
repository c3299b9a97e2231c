package dev.ingot.project;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What several servers that share a project agree on.
 *
 * @param lease how long a server that isn't heard of keeps the package that it builds; the same on
 *     all of them
 * @param heartbeat between two signs of life, at most a quarter of the lease
 * @param followManifest whether this server serves by itself what others publish
 */
@ConfigurationProperties("ingot")
public record LeaseSettings(
    @DefaultValue("10s") Duration lease,
    @DefaultValue("2s") Duration heartbeat,
    @DefaultValue("false") boolean followManifest) {

  public LeaseSettings {
    if (heartbeat.isZero()
        || heartbeat.isNegative()
        || heartbeat.multipliedBy(4).compareTo(lease) > 0) {
      throw new IllegalArgumentException(
          "ingot.heartbeat (%s) must be more than nothing and at most a quarter of ingot.lease (%s)"
              .formatted(heartbeat, lease));
    }
  }

  /** A server that was heard of within this time is alive. */
  public Duration live() {
    return lease.multipliedBy(3);
  }

  /** How long an open transaction may wait for its client; then the database ends it. */
  public Duration patience() {
    return lease.dividedBy(5);
  }
}
