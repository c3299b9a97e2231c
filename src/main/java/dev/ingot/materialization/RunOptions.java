package dev.ingot.materialization;

import dev.ingot.plan.Selection;

/**
 * What a run was asked for.
 *
 * @param autoLoadManifest serves what it publishes; otherwise that waits for a reload
 * @param failFast stops at the first target that fails
 */
public record RunOptions(Selection selection, boolean autoLoadManifest, boolean failFast) {

  /** What a request without a body asks for. */
  public static final RunOptions DEFAULT = new RunOptions(Selection.ALL, true, false);

  public boolean forceRefresh() {
    return selection.forceRefresh();
  }
}
