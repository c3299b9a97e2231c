package dev.ingot.state.catalog;

import dev.ingot.materialization.SharedChanges;
import dev.ingot.project.PackageKey;
import dev.ingot.project.ProjectName;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What a watch tells of the ends of runs. */
final class Heard implements SharedChanges.Listener {

  /**
   * @param at by {@link System#nanoTime}
   */
  record End(String runId, String why, long at) {}

  private final BlockingQueue<End> ends = new LinkedBlockingQueue<>();
  private final CountDownLatch answered = new CountDownLatch(1);

  /** The next one; it is an error when none comes. */
  End next() throws InterruptedException {
    End end = ends.poll(30, TimeUnit.SECONDS);
    if (end == null) {
      throw new AssertionError("nothing is heard");
    }
    return end;
  }

  /** Returns when the first heartbeat is over. */
  void awaitHeartbeat() throws InterruptedException {
    if (!answered.await(30, TimeUnit.SECONDS)) {
      throw new AssertionError("no heartbeat is answered");
    }
  }

  @Override
  public void ended(PackageKey key, String runId, String why) {
    ends.add(new End(runId, why, System.nanoTime()));
  }

  @Override
  public void published(PackageKey key, long version) {
    // Not what is asked for here.
  }

  @Override
  public void lost(PackageKey key, String runId) {
    // Not what is asked for here.
  }

  @Override
  public void answered(ProjectName project) {
    answered.countDown();
  }
}
