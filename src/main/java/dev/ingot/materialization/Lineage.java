package dev.ingot.materialization;

import org.jspecify.annotations.Nullable;

/**
 * Says what tables are made of. Nothing that happens in it is a reason for a build to end otherwise
 * than it does.
 */
public interface Lineage {

  /** Of a target whose build begins; null where nobody wants to know. */
  @Nullable TargetLineage begun(TargetBuild build);

  /**
   * Of one that is built; null where nobody wants to know.
   *
   * @param sql the SELECT that was run
   */
  @Nullable TargetLineage built(TargetBuild build, String sql);
}
