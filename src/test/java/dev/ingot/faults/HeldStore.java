package dev.ingot.faults;

import dev.ingot.manifest.ManifestStore;
import dev.ingot.materialization.MaterializationStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.beans.factory.config.BeanPostProcessor;

/**
 * Stands before a server's stores, which can be made to stand still at one call, whoever makes it.
 */
final class HeldStore implements BeanPostProcessor {

  private static final List<Class<?>> STORES =
      List.of(MaterializationStore.class, ManifestStore.class);

  private final Map<String, Runnable> before = new ConcurrentHashMap<>();
  private final Map<String, Runnable> after = new ConcurrentHashMap<>();

  /** Holds the next call of a method before anything is done. */
  Gate before(String method) {
    return next(before, method);
  }

  /** The same when all is done but the answer. */
  Gate after(String method) {
    return next(after, method);
  }

  private static Gate next(Map<String, Runnable> calls, String method) {
    var gate = new Gate();
    calls.put(method, gate);
    return gate;
  }

  @Override
  public Object postProcessAfterInitialization(Object bean, String name) {
    return STORES.stream()
        .filter(store -> store.isInstance(bean))
        .findFirst()
        .map(store -> held(store, bean))
        .orElse(bean);
  }

  private Object held(Class<?> store, Object behind) {
    return Proxy.newProxyInstance(
        store.getClassLoader(),
        new Class<?>[] {store},
        (proxy, method, arguments) -> {
          pass(before, method.getName());
          try {
            return method.invoke(behind, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          } finally {
            pass(after, method.getName());
          }
        });
  }

  private static void pass(Map<String, Runnable> calls, String method) {
    Runnable gate = calls.remove(method);
    if (gate != null) {
      gate.run();
    }
  }
}
