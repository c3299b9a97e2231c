package dev.ingot;

import static dev.ingot.KeyedRequests.assertSame;
import static dev.ingot.KeyedRequests.runs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.idempotency.IdempotencyStore;
import dev.ingot.materialization.Materialization;
import dev.ingot.materialization.MaterializationService;
import dev.ingot.materialization.MaterializationStatus;
import dev.ingot.materialization.NewRun;
import dev.ingot.materialization.RunOptions;
import dev.ingot.project.PackageKey;
import dev.ingot.testing.Answer;
import dev.ingot.testing.Client;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.RawRequest;
import dev.ingot.testing.Refusal;
import dev.ingot.testing.Server;
import dev.ingot.testing.SlowSql;
import dev.ingot.testing.Wait;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.config.BeanPostProcessor;

/** What becomes of a keyed request whose first attempt was broken off. */
class IdempotencyFaultsTest {

  private static final String MODEL =
      "#@ persist\nsource: totals is duckdb.table('data/orders.csv') -> { aggregate: n is count() }";
  private static final String ENDLESS =
      "#@ persist\nsource: slow is duckdb.sql(\"\"\"%s\"\"\") -> { aggregate: n is h.max() }\n"
          .formatted(SlowSql.SELECT);

  @TempDir static Path folder;
  private static Server server;
  private static Client client;

  @BeforeAll
  static void start() {
    server = Server.start(folder);
    client = server.client();
    register(server, "orders");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static PackageApi register(Server on, String name) {
    PackageFiles.orders(on.packageFolder(name), MODEL);
    return on.register(name);
  }

  private static Answer post(String path, String body, String key) {
    return KeyedRequests.post(client, path, BodyPublishers.ofString(body), key);
  }

  @Test
  void whoVanishesDuringAWaitFindsTheRunWhenItComesBack() throws IOException {
    PackageFiles.orders(server.packageFolder("endless"), ENDLESS);
    PackageApi endless = server.register("endless");
    String key = "Idempotency-Key: vanished";
    try (Socket socket =
        RawRequest.post(client.url(), runs(endless), "{\"start\":true}", key, "Prefer: wait=60")) {
      Wait.until("it runs", () -> client.get(runs(endless)).json().size() == 1);
      assertThat(socket.isConnected()).isTrue();
      Refusal.check(
          post(runs(endless), "{\"start\":true}", "vanished"), 409, "idempotency_in_work");
    }
    var again = new ArrayList<Answer>();
    Wait.until(
        "nobody works on it any more",
        () -> {
          again.add(post(runs(endless), "{\"start\":true}", "vanished"));
          return again.getLast().status() != 409;
        });

    String id = again.getLast().expect(201).json().path("id").asString();
    assertThat(client.get(runs(endless)).json()).hasSize(1);
    assertThat(endless.get(id).path("status").asString()).isEqualTo("RUNNING");
    client.post(runs(endless) + "/" + id + "/stop").expect(200);
  }

  @Test
  void anAttemptAfterOneThatCreatedNothingCreatesIt() {
    var service = server.bean(MaterializationService.class);
    PackageKey key = PackageKey.of("p", "orders");
    var id = new NewRun(UUID.randomUUID().toString(), true);

    Materialization created = service.create(key, RunOptions.DEFAULT, id);

    assertThat(created.id()).isEqualTo(id.value());
    assertThat(service.create(key, RunOptions.DEFAULT, id).id()).isEqualTo(id.value());
    assertThat(service.createStarted(key, RunOptions.DEFAULT, id).status())
        .isEqualTo(MaterializationStatus.PENDING);
  }

  /** A server that loses each answer before it is kept, as one does that is killed then. */
  private static final class Forgetful implements BeanPostProcessor {
    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
      return bean instanceof IdempotencyStore
          ? Proxy.newProxyInstance(
              getClass().getClassLoader(),
              new Class<?>[] {IdempotencyStore.class},
              (proxy, method, arguments) -> {
                if (method.getName().equals("answer")) {
                  throw new IllegalStateException("killed");
                }
                try {
                  return method.invoke(bean, arguments);
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
              })
          : bean;
    }
  }

  @Test
  void afterACrashTheRunIsFoundAndAfterARestartTheAnswer(@TempDir Path other) throws IOException {
    String path;
    String lost;
    try (Server first = Server.start(other, new Forgetful())) {
      path = runs(register(first, "orders"));
      Answer answer =
          KeyedRequests.post(
                  first.client(), path, BodyPublishers.ofString("{\"start\":true}"), "lost")
              .expect(201);
      lost = answer.json().path("id").asString();
      Answer again =
          KeyedRequests.post(
                  first.client(), path, BodyPublishers.ofString("{\"start\":true}"), "lost")
              .expect(201);
      assertThat(again.json().path("id").asString()).isEqualTo(lost);
      Refusal.check(
          KeyedRequests.post(first.client(), path, BodyPublishers.ofString("{}"), "lost"),
          422,
          "idempotency_key_reused");
    }
    Answer kept;
    try (Server second = Server.start(other)) {
      kept =
          KeyedRequests.post(
                  second.client(), path, BodyPublishers.ofString("{\"start\":true}"), "lost")
              .expect(201);
      assertThat(kept.json().path("id").asString()).isEqualTo(lost);
      assertThat(second.client().get(path).json()).hasSize(1);
    }
    try (Server third = Server.start(other)) {
      assertSame(
          KeyedRequests.post(
              third.client(), path, BodyPublishers.ofString("{\"start\":true}"), "lost"),
          kept);
      assertThat(third.client().get(path).json()).hasSize(1);
    }
  }
}
