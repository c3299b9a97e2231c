package dev.ingot.query;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.ingot.compile.Givens;
import dev.ingot.compile.MalloyCompiler;
import dev.ingot.compile.QueryRef;
import dev.ingot.fault.Fault;
import dev.ingot.manifest.CompilerManifest;
import dev.ingot.manifest.ServedPackage;
import dev.ingot.telemetry.Telemetry;
import org.springframework.stereotype.Component;

/**
 * Compiled queries, kept under all that their SQL and their shape depend on. So a publication, a
 * reload or a missing table needs nobody to tell it: the next query looks under another key, and
 * what lies under the old one goes when the room is needed.
 */
@Component
class PreparedQueries {

  /** What an entry takes beside its texts, in bytes; an estimate. */
  private static final int OVERHEAD = 1000;

  private final MalloyCompiler compiler;
  private final Cache<Key, Kept> kept;

  /**
   * @param content the package as it was loaded: the same texts may have met other columns before
   * @param tables the digest of those that may be read
   * @param givens the values, bound ones included: they are in the SQL
   */
  private record Key(long content, String model, QueryRef query, String tables, String givens) {}

  private record Kept(Prepared query, int bytes) {}

  PreparedQueries(MalloyCompiler compiler, QuerySettings settings, Telemetry telemetry) {
    this.compiler = compiler;
    kept =
        Caffeine.newBuilder()
            .maximumWeight(settings.compiledCacheSize().toBytes())
            .weigher((Key key, Kept entry) -> entry.bytes())
            // What is too much goes at once: it is little work.
            .executor(Runnable::run)
            .recordStats()
            .build();
    telemetry.watch("compiled-queries", kept);
  }

  /**
   * @throws Fault as {@link MalloyCompiler#prepare}; what doesn't compile is asked again each time
   */
  Prepared of(ServedPackage served, String model, QueryRef query, Givens givens) {
    CompilerManifest tables = served.compilerManifest();
    var key = new Key(served.content().serial(), model, query, tables.digest(), givens.text());
    Kept known = kept.getIfPresent(key);
    if (known == null) {
      var prepared =
          new Prepared(
              compiler.prepare(served.content(), model, query, tables.tables(), givens),
              key.givens());
      known = new Kept(prepared, bytes(query, prepared));
      kept.put(key, known);
    }
    return known.query();
  }

  private static int bytes(QueryRef query, Prepared prepared) {
    int text = query instanceof QueryRef.Text(String malloy) ? malloy.length() : 0;
    // Jackson's nodes take several times as much as their text.
    int result = 10 * prepared.head().length();
    return OVERHEAD + 2 * (text + prepared.givens().length() + prepared.sql().length()) + result;
  }
}
