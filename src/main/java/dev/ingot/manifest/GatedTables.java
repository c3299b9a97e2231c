package dev.ingot.manifest;

import static java.util.regex.Pattern.CASE_INSENSITIVE;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.ingot.compile.CompiledPackage;
import dev.ingot.compile.CompiledTarget;
import dev.ingot.fault.Fault;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Tables of what only some callers may read. Their gates stand before the sources, so queries pass
 * them; nothing else tells of such a table but to who builds it, and it has no view.
 */
public final class GatedTables {

  /** Each annotation that the compiler takes for a gate has one of these words. */
  private static final Pattern GATE =
      Pattern.compile("authori[sz]e|access[_-]?filter", CASE_INSENSITIVE);

  /** Asked for each build that is listed and each event that is told, of what never changes. */
  private static final Cache<LoadedPackage, Boolean> MAY_HAVE_ANY =
      Caffeine.newBuilder().weakKeys().build();

  private GatedTables() {}

  private static boolean mayHaveAny(LoadedPackage content) {
    return content.snapshot().models().values().stream()
        .anyMatch(text -> GATE.matcher(text).find());
  }

  /**
   * By BuildID. A table that no model declares any more, or none that compiles, is taken for gated
   * where any is.
   *
   * @throws Fault COMPILER_FAILED, COMPILER_UNAVAILABLE when it can't be said
   */
  public static Predicate<String> of(LoadedPackage content) {
    if (!MAY_HAVE_ANY.get(content, GatedTables::mayHaveAny)) {
      return buildId -> false;
    }
    CompiledPackage compiled = content.compiled();
    return buildId -> compiled.target(buildId).map(CompiledTarget::gated).orElse(true);
  }
}
