package dev.ingot.query;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.ingot.engine.Engine;
import dev.ingot.manifest.ManifestEntry;
import dev.ingot.manifest.ServedPackage;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks whether the tables that queries count on are still there. */
final class VanishedTables {

  private static final Logger log = LoggerFactory.getLogger(VanishedTables.class);

  /** How long a table that somebody has dropped may be missed by answers that don't read it. */
  private static final Duration EVERY = Duration.ofSeconds(2);

  private final Cache<ServedPackage, Boolean> seen =
      Caffeine.newBuilder().weakKeys().expireAfterWrite(EVERY).build();

  /**
   * @return whether some are gone that weren't known to be
   * @throws Engine.EngineException when a database can't say
   */
  boolean look(ServedPackage served) {
    List<ManifestEntry> found = served.findMissing();
    if (found.isEmpty()) {
      return false;
    }
    log.warn(
        "Tables of {} are gone from its database: {}; they are computed live until a run builds them again",
        served.content().snapshot().key(),
        found.stream().map(entry -> entry.generation().table()).toList());
    if (served.content().isShared()) {
      // Others drop a version that they take for nobody's table by table; no answer may mix
      // what is left of it with what is computed now.
      served.giveUpTables();
    }
    return true;
  }

  /** The same for an answer that doesn't ask the database; it looks now and then. */
  boolean lookNowAndThen(ServedPackage served) {
    if (seen.asMap().putIfAbsent(served, true) != null) {
      return false;
    }
    try {
      return look(served);
    } catch (Engine.EngineException e) {
      log.debug("Whether tables are gone can't be said now", e);
      return false;
    }
  }
}
