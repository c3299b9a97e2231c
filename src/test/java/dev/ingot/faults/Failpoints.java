package dev.ingot.faults;

import dev.ingot.compile.MalloyCompiler;
import dev.ingot.engine.Engine;
import dev.ingot.engine.Engines;
import dev.ingot.manifest.ManifestStore;
import dev.ingot.materialization.MaterializationStore;
import dev.ingot.testing.Wait;
import dev.ingot.threads.Tasks;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;

/**
 * Stands between a server's rooms, so that a test can act at each step of a run and see what was
 * asked and answered. What a run does goes through these seams: the stores, the compiler and the
 * engines. Only calls by a run's own threads, and its claim, are steps; requests come at any time.
 */
final class Failpoints implements BeanPostProcessor {

  private static final List<Class<?>> SEAMS =
      List.of(MaterializationStore.class, ManifestStore.class, MalloyCompiler.class, Engines.class);

  private static final AtomicInteger RUNS = new AtomicInteger();

  private final List<Watcher> watchers = new CopyOnWriteArrayList<>();
  private final IdentityHashMap<Engine, Object> engines = new IdentityHashMap<>();
  private final Map<String, Integer> calls = new HashMap<>();
  private final Map<Step, Runnable> actions = new HashMap<>();
  private final List<Step> passed = new ArrayList<>();

  /** Is told of every call of a seam, whoever makes it. */
  interface Watcher {
    /**
     * @param method such as {@code MaterializationStore.claim}
     * @param called when, by {@link System#nanoTime}
     */
    void returned(String method, Object[] arguments, @Nullable Object result, long called);
  }

  void watch(Watcher watcher) {
    watchers.add(watcher);
  }

  /**
   * Forgets the steps so far and what was to be done; counting begins anew. A run that has ended in
   * the records still cleans up, so it is waited for: its steps would be taken for the next one's.
   */
  void reset() {
    awaitNoRun();
    synchronized (this) {
      calls.clear();
      actions.clear();
      passed.clear();
    }
  }

  /** Returns when no run of a watched server has a thread any more. */
  static void awaitNoRun() {
    Wait.until("the run's thread is gone", () -> RUNS.get() == 0);
  }

  /** Virtual threads can't be listed, so those of runs are counted. */
  private static Tasks counted(Tasks tasks) {
    return (name, work) -> {
      if (!name.startsWith("run-")) {
        tasks.start(name, work);
        return;
      }
      RUNS.incrementAndGet();
      tasks.start(
          name,
          () -> {
            try {
              work.run();
            } finally {
              RUNS.decrementAndGet();
            }
          });
    };
  }

  /** Does this, on the run's thread, when it comes to the step. */
  synchronized void at(Step step, Runnable action) {
    actions.put(step, action);
  }

  /** The steps since the last {@link #reset}, in their order. */
  synchronized List<Step> passed() {
    return List.copyOf(passed);
  }

  @Override
  public Object postProcessAfterInitialization(Object bean, String name) {
    if (bean instanceof Tasks tasks) {
      return counted(tasks);
    }
    for (Class<?> seam : SEAMS) {
      if (seam.isInstance(bean)) {
        return wrap(seam, bean);
      }
    }
    return bean;
  }

  private Object wrap(Class<?> seam, Object behind) {
    return Proxy.newProxyInstance(
        seam.getClassLoader(),
        new Class<?>[] {seam},
        (proxy, method, arguments) -> {
          Object[] given = arguments == null ? new Object[0] : arguments;
          if (method.getDeclaringClass() == Object.class) {
            return onObject(seam, proxy, method, given);
          }
          return call(seam.getSimpleName() + "." + method.getName(), behind, method, given);
        });
  }

  // Not equals, which is what is being answered here.
  @SuppressWarnings("ReferenceEquality")
  private static Object onObject(Class<?> seam, Object proxy, Method method, Object[] arguments) {
    return switch (method.getName()) {
      case "equals" -> proxy == arguments[0];
      case "hashCode" -> System.identityHashCode(proxy);
      default -> "watched " + seam.getSimpleName();
    };
  }

  private @Nullable Object call(String name, Object behind, Method method, Object[] arguments)
      throws Throwable {
    int nth = isStep(name) ? count(name) : 0;
    pass(new Step(name, nth, false));
    long called = System.nanoTime();
    try {
      Object result = method.invoke(behind, arguments);
      watchers.forEach(watcher -> watcher.returned(name, arguments, result, called));
      return result instanceof Engine engine ? watched(engine) : result;
    } catch (InvocationTargetException e) {
      throw e.getCause();
    } finally {
      pass(new Step(name, nth, true));
    }
  }

  private static boolean isStep(String name) {
    String thread = Thread.currentThread().getName();
    return thread.startsWith("run-")
        || thread.startsWith("build-")
        || thread.startsWith("reports-")
        || name.equals("MaterializationStore.claim");
  }

  private synchronized int count(String name) {
    return calls.merge(name, 1, Integer::sum);
  }

  private void pass(Step step) {
    if (step.nth() > 0) {
      Runnable action;
      synchronized (this) {
        passed.add(step);
        action = actions.get(step);
      }
      if (action != null) {
        action.run();
      }
    }
  }

  private synchronized Object watched(Engine engine) {
    return engines.computeIfAbsent(engine, e -> wrap(Engine.class, e));
  }
}
