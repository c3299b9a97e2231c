package dev.ingot.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.ToIntFunction;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Somebody who is told of builds. */
public final class HookReceiver implements AutoCloseable {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Heard> heard = new CopyOnWriteArrayList<>();
  private volatile ToIntFunction<Heard> answer = one -> 204;

  /**
   * @param path where it came
   * @param headers by their names in lower case
   */
  public record Heard(String path, Map<String, String> headers, String body) {

    public String id() {
      return header("webhook-id");
    }

    public String header(String name) {
      return headers.getOrDefault(name, "");
    }

    public JsonNode json() {
      return JSON.readTree(body);
    }

    /** Such as {@code materialization.success}. */
    public String type() {
      return json().path("type").asString();
    }
  }

  private HookReceiver(HttpServer server) {
    this.server = server;
    server.setExecutor(threads);
    server.createContext("/", this::take);
    server.start();
  }

  /**
   * @param port 0 for any
   */
  public static HookReceiver on(int port) {
    try {
      return new HookReceiver(
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      var headers = new HashMap<String, String>();
      exchange
          .getRequestHeaders()
          .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
      var one =
          new Heard(
              exchange.getRequestURI().toString(),
              headers,
              new String(exchange.getRequestBody().readAllBytes(), UTF_8));
      heard.add(one);
      int status = answer.applyAsInt(one);
      exchange.getResponseHeaders().add("Location", url("/elsewhere"));
      exchange.sendResponseHeaders(status, -1);
    }
  }

  /** What each is answered, from now on. */
  public void answers(ToIntFunction<Heard> status) {
    answer = status;
  }

  public List<Heard> heard() {
    return List.copyOf(heard);
  }

  public String url(String path) {
    return "http://127.0.0.1:%d%s".formatted(server.getAddress().getPort(), path);
  }

  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
