package dev.ingot.query;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.ingot.compile.PreparedQuery;
import dev.ingot.engine.TableName;
import dev.ingot.manifest.ServedPackage;
import dev.ingot.project.Sha256;
import dev.ingot.telemetry.Telemetry;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.info.BuildProperties;
import org.springframework.stereotype.Component;

/**
 * Answers that can't change: their SQL reads nothing but generations, which don't change and whose
 * names never come again, and calls nothing that may say something else next time. Each has an
 * entity tag of all that its bytes depend on. So a publication, a reload or a missing table needs
 * nobody to tell it: the next query has another tag.
 */
@Component
class KeptAnswers {

  /** What an entry takes beside its texts, in bytes; an estimate. */
  private static final int OVERHEAD = 1000;

  private final Cache<String, QueryAnswer> kept;

  /** What else the bytes depend on: the limits, and who writes them. */
  private final String server;

  KeptAnswers(QuerySettings settings, BuildProperties build, Telemetry telemetry) {
    kept =
        Caffeine.newBuilder()
            .maximumWeight(settings.cacheSize().toBytes())
            .weigher((String tag, QueryAnswer answer) -> bytes(answer))
            // What is too much goes at once: it is little work.
            .executor(Runnable::run)
            .recordStats()
            .build();
    telemetry.watch("kept-answers", kept);
    server =
        "%s %s %d %d"
            .formatted(
                build.getVersion(),
                build.getTime(),
                settings.maxRows(),
                settings.maxResultSize().toBytes());
  }

  /**
   * The entity tag of an answer.
   *
   * @param reads the tables that its SQL reads, if it changes with nothing else
   * @param form what the rows are written as, and what stands around them
   * @return empty for one that may be another next time
   */
  Optional<String> tag(
      ServedPackage served, Prepared prepared, Optional<Set<TableName>> reads, String form) {
    Prepared.InPackage here = prepared.in(served);
    if (!here.facts().live().isEmpty()
        || !reads.map(tables(served, prepared)::containsAll).orElse(false)) {
      return Optional.empty();
    }
    return Optional.of(here.tag(form, () -> digest(served, prepared, form)));
  }

  private String digest(ServedPackage served, Prepared prepared, String form) {
    var digest = new Sha256();
    digest.add(server, served.content().snapshot().key().toString(), form, prepared.givens());
    digest.add(
        prepared.sql(), prepared.fields().toString(), prepared.in(served).facts().toString());
    return digest.hex();
  }

  /** The generations that it was compiled to read. */
  private static Set<TableName> tables(ServedPackage served, Prepared prepared) {
    return prepared.query().reads().stream()
        .filter(PreparedQuery.Read::hit)
        .map(PreparedQuery.Read::buildId)
        .flatMap(buildId -> Stream.ofNullable(served.table(buildId)))
        .map(entry -> entry.generation().table())
        .collect(Collectors.toSet());
  }

  Optional<QueryAnswer> find(String tag) {
    return Optional.ofNullable(kept.getIfPresent(tag));
  }

  void keep(String tag, QueryAnswer answer) {
    kept.put(tag, answer.fromCache());
  }

  private static int bytes(QueryAnswer answer) {
    String sql = answer.sql();
    return OVERHEAD + 2 * (answer.result().length() + (sql == null ? 0 : sql.length()));
  }
}
