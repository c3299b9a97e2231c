package dev.ingot.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.ingot.engine.Engine;
import dev.ingot.engine.Engines;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.Refusal;
import dev.ingot.testing.Server;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.config.BeanPostProcessor;

/**
 * A query whose database is given up because of another statement's failure is asked again, as long
 * as nobody has anything of its answer.
 */
class LostAnswerTest {

  @TempDir static Path folder;
  private static final AtomicInteger asked = new AtomicInteger();

  /** Which of the queries are lost before their first row, and which when their rows were read. */
  private static volatile Set<Integer> before = Set.of();

  private static volatile Set<Integer> after = Set.of();
  private static Server server;
  private static PackageApi api;

  /** Puts what loses answers between the server and its databases. */
  private static final class Between implements BeanPostProcessor {

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
      return bean instanceof Engines engines
          ? proxy(
              Engines.class,
              (proxy, method, arguments) -> {
                Object found = invoke(engines, method, arguments);
                return found instanceof Engine engine ? losing(engine) : found;
              })
          : bean;
    }

    private static Object losing(Engine engine) {
      return proxy(
          Engine.class,
          (proxy, method, arguments) -> {
            int nth = method.getName().equals("query") ? asked.incrementAndGet() : 0;
            lose(before, nth);
            Object answer = invoke(engine, method, arguments);
            lose(after, nth);
            return answer;
          });
    }

    private static void lose(Set<Integer> which, int nth) {
      if (which.contains(nth)) {
        throw new Engine.UnreachableException(
            "the database was given up", new IllegalStateException());
      }
    }

    private static Object invoke(Object behind, Method method, Object[] arguments)
        throws Throwable {
      try {
        return method.invoke(behind, arguments);
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
    }

    private static Object proxy(Class<?> type, InvocationHandler handler) {
      return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler);
    }
  }

  @BeforeAll
  static void start() {
    server = Server.start(folder, new Between(), "ingot.query.cache-size=0");
    FaultDag.create(server.packageFolder("dag"));
    api = server.register("dag");
    api.buildOk();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static void lose(Set<Integer> beforeFirstRow, Set<Integer> afterLastRow) {
    asked.set(0);
    before = beforeFirstRow;
    after = afterLastRow;
  }

  private static void assertAnswered() {
    assertThat(api.rows(FaultDag.MODEL, FaultDag.QUERY).toString()).isEqualTo(FaultDag.answer(1));
  }

  @Test
  void oneThatIsLostWhileItsRowsAreReadIsMadeOnceMoreUnseen() {
    lose(Set.of(), Set.of(1));

    assertAnswered();
    assertThat(asked.get()).isEqualTo(2);
  }

  @Test
  void oneThatIsLostBeforeItsFirstRowIsAskedForAFewTimes() {
    lose(Set.of(1, 2), Set.of());

    assertAnswered();
    assertThat(asked.get()).isEqualTo(3);
  }

  /** It may be what ends the database. */
  @Test
  void oneThatIsLostAgainWhileItsRowsAreReadIsNotAskedForAThirdTime() {
    lose(Set.of(), Set.of(1, 2));

    Refusal.check(
        api.query(FaultDag.MODEL, FaultDag.QUERY),
        422,
        "query_failed",
        "the database was given up");
    assertThat(asked.get()).isEqualTo(2);
  }

  @Test
  void aStreamOfWhichTheClientHasSomethingIsBrokenOff() {
    lose(Set.of(), Set.of(1));

    var answer =
        catchThrowable(
            () -> server.client().send(api.streaming(FaultDag.MODEL, FaultDag.QUERY, "text/csv")));

    assertThat(asked.get()).isEqualTo(1);
    assertThat(answer).isNotNull();
  }
}
