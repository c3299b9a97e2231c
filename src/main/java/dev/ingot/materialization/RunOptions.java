package dev.ingot.materialization;

import dev.ingot.plan.Selection;

/**
 * What a run was asked for.
 *
 * @param autoLoadManifest serves what it publishes; otherwise that waits for a reload
 * @param failFast stops at the first target that fails
 */
public record RunOptions(
    Selection selection, boolean autoLoadManifest, boolean failFast, OnError onError) {

  /** What becomes of a run in which not everything could be planned or built. */
  public enum OnError {
    /** It is FAILED, and nothing is published. */
    FAIL,
    /** What was built is published, and the rest left out. */
    PUBLISH
  }

  /** What a request without a body asks for. */
  public static final RunOptions DEFAULT = new RunOptions(Selection.ALL, true, false, OnError.FAIL);

  boolean publishesInPart() {
    return onError == OnError.PUBLISH;
  }

  public boolean forceRefresh() {
    return selection.forceRefresh();
  }
}
