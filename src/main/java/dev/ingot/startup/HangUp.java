package dev.ingot.startup;

import dev.ingot.configuration.ConfigurationFile;
import dev.ingot.threads.Tasks;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Has the file applied again on SIGHUP. Without a file, that signal ends the server, as it does any
 * program.
 */
@Component
class HangUp implements DisposableBean {

  private static final Logger log = LoggerFactory.getLogger(HangUp.class);
  private static final String NAME = "HUP";

  private final ConfigurationFile file;
  private final Registrations registrations;
  private final Tasks tasks;

  /** What was done before, to be done again when this server is closed within a process. */
  private @Nullable Object before;

  HangUp(ConfigurationFile file, Registrations registrations, Tasks tasks) {
    this.file = file;
    this.registrations = registrations;
    this.tasks = tasks;
  }

  /** Not before: what was there at the last stop has to be loaded first. */
  @EventListener(ApplicationReadyEvent.class)
  @Order(Ordered.HIGHEST_PRECEDENCE) // who sees in the log that the server is ready may send it
  void listen() {
    if (!file.isThere()) {
      return;
    }
    try {
      before = handle(handler());
      if (before.equals(handlerType().getField("SIG_IGN").get(null))) {
        log.warn("{}: this process ignores it, as nohup has it", unheard());
      }
    } catch (InvocationTargetException e) {
      // Where there is no such signal, or Java was told to leave it alone (-Xrs).
      log.warn("{}: {}", unheard(), String.valueOf(e.getCause()));
    } catch (ReflectiveOperationException e) {
      log.warn("{}: this Java has no signals", unheard(), e);
    }
  }

  private String unheard() {
    return "SIGHUP isn't heard, and %s is read at the start only".formatted(file.name());
  }

  /** The compiler warns of any use of the class by its name, although the JDK supports it. */
  private static Object handle(Object handler) throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    Method handle = signal.getMethod("handle", signal, handlerType());
    return handle.invoke(null, signal.getConstructor(String.class).newInstance(NAME), handler);
  }

  private static Class<?> handlerType() throws ClassNotFoundException {
    return Class.forName("sun.misc.SignalHandler");
  }

  private Object handler() throws ClassNotFoundException {
    Class<?> type = handlerType();
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          if (method.getDeclaringClass() == Object.class) {
            return method.invoke(this, arguments);
          }
          tasks.start("configuration", registrations::applyFileAgain);
          return null;
        };
    return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler);
  }

  @Override
  public void destroy() throws ReflectiveOperationException {
    if (before != null) {
      handle(before);
    }
  }
}
