package dev.ingot.manifest;

import dev.ingot.engine.TableName;
import dev.ingot.project.PackageKey;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One physical table of one target, built by one run. Its name is never used twice.
 *
 * @param table the physical table
 * @param inputs ids of the generations that it was built from
 * @param origin what data it was built over: the package's folder
 * @param definition the target's fully inlined SQL, which says what changed when it changes
 * @param builtAt null while it is only intended
 * @param rows 0 while it is only intended
 */
public record Generation(
    String id,
    PackageKey key,
    String buildId,
    String connection,
    TableName declared,
    TableName table,
    String runId,
    Set<String> inputs,
    String origin,
    String definition,
    @Nullable Instant builtAt,
    long rows) {

  public Generation {
    inputs = Set.copyOf(inputs);
  }

  public Generation built(Instant at, long rowCount) {
    return new Generation(
        id,
        key,
        buildId,
        connection,
        declared,
        table,
        runId,
        inputs,
        origin,
        definition,
        at,
        rowCount);
  }

  /** The owner mark in the database's own comment. */
  public String mark() {
    return "ingot generation " + id;
  }
}
