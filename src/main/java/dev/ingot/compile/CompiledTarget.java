package dev.ingot.compile;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One table to build: the persist sources of a package that share a BuildID.
 *
 * @param sql fully inlined; it is what the BuildID hashes, never what is run
 * @param dependsOn BuildIDs of the targets that it reads
 * @param gated whether it is made of what only some callers may read
 */
public record CompiledTarget(
    String buildId,
    String connectionName,
    String dialect,
    String sql,
    List<String> dependsOn,
    boolean gated,
    List<Source> sources) {

  /**
   * A source that maps onto the target.
   *
   * @param sourceId Malloy's identity of it
   * @param declaredName the text of {@code name=}; null when it has none
   * @param path the declared name as the dialect reads it
   */
  public record Source(
      String name,
      String sourceId,
      String model,
      @Nullable Integer line,
      @Nullable Integer column,
      @Nullable String declaredName,
      TablePath path) {}

  /** Either segments, or what the dialect has against the name. */
  public record TablePath(@Nullable List<String> segments, @Nullable String problem) {}

  /** The same on another connection. */
  CompiledTarget on(String connection) {
    return new CompiledTarget(buildId, connection, dialect, sql, dependsOn, gated, sources);
  }

  /** The same without the sources of these models. */
  public CompiledTarget without(Set<String> models) {
    if (models.isEmpty()) {
      return this;
    }
    return new CompiledTarget(
        buildId,
        connectionName,
        dialect,
        sql,
        dependsOn,
        gated,
        sources.stream().filter(source -> !models.contains(source.model())).toList());
  }

  /** The sources' names without repeats, in the compiler's order. */
  public List<String> sourceNames() {
    return sources.stream().map(Source::name).distinct().collect(Collectors.toList());
  }
}
