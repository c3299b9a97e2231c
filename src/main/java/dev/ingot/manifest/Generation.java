package dev.ingot.manifest;

import dev.ingot.engine.Engine.Owner;
import dev.ingot.engine.TableName;
import dev.ingot.project.PackageKey;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One physical table of one target, built by one run. Its name is never used twice.
 *
 * @param of what it is the table of
 * @param table the physical table
 * @param from what it is built from
 * @param built null while it is only intended
 */
public record Generation(
    String id, PackageKey key, Target of, TableName table, Source from, @Nullable Built built) {

  /**
   * A target, as it was when the table was built.
   *
   * @param definition its fully inlined SQL, which says what changed when it changes
   */
  public record Target(String buildId, String connection, TableName declared, String definition) {}

  /**
   * Where what is in it comes from.
   *
   * @param inputs ids of the generations that it was built from
   * @param origin what data it was built over: the package's folder
   */
  public record Source(String runId, Set<String> inputs, String origin) {
    public Source {
      inputs = Set.copyOf(inputs);
    }
  }

  /**
   * A table that is there.
   *
   * @param data what it was built from beside tables, by name, with how that was; see {@link
   *     dev.ingot.engine.Engine#data}
   */
  public record Built(Instant at, long rows, Map<String, String> data) {
    public Built {
      data = Map.copyOf(data);
    }
  }

  /** The same, finished. */
  public Generation built(Built now) {
    return new Generation(id, key, of, table, from, now);
  }

  public String buildId() {
    return of.buildId();
  }

  public String connection() {
    return of.connection();
  }

  public TableName declared() {
    return of.declared();
  }

  public String definition() {
    return of.definition();
  }

  public String runId() {
    return from.runId();
  }

  public Set<String> inputs() {
    return from.inputs();
  }

  public String origin() {
    return from.origin();
  }

  /** Null while it is only intended. */
  public @Nullable Instant builtAt() {
    return built == null ? null : built.at();
  }

  /** 0 while it is only intended. */
  public long rows() {
    return built == null ? 0 : built.rows();
  }

  public Owner owner() {
    return new Owner(mark(), "ingot/%s/%s".formatted(key.project(), runId()));
  }

  /** Of {@link Built}; nothing while it is only intended. */
  public Map<String, String> data() {
    return built == null ? Map.of() : built.data();
  }

  /** The owner mark in the database's own comment. */
  public String mark() {
    return "ingot generation " + id;
  }
}
