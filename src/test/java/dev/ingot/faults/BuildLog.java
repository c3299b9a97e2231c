package dev.ingot.faults;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which tables the engines were told to build, and when. */
final class BuildLog implements Failpoints.Watcher {

  /**
   * @param table the generation's, as a report has it
   * @param from when the engine was called, by {@link System#nanoTime}
   * @param to when it had answered
   */
  record Build(String table, long from, long to) {}

  private final List<Build> builds = new ArrayList<>();

  @Override
  public synchronized void returned(
      String method, Object[] arguments, @Nullable Object result, long called) {
    if (method.equals("Engine.build")) {
      builds.add(new Build(arguments[0].toString(), called, System.nanoTime()));
    }
  }

  /** Those since this was last asked, in the order in which they ended. */
  synchronized List<Build> take() {
    List<Build> taken = List.copyOf(builds);
    builds.clear();
    return taken;
  }
}
