package dev.ingot.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The API of a server, whoever started it. */
final class ServerApi implements AutoCloseable {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Duration PATIENCE = Duration.ofMinutes(15);
  private static final int OK = 200;
  private static final int BAD = 400;
  private static final int NOT_FOUND = 404;

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
  private final URI server;
  private final @Nullable String key;

  /** The server has said no, and why. */
  static final class RefusedException extends Exception {
    RefusedException(String message) {
      super(message);
    }
  }

  /**
   * @param key null for a server that asks nobody
   */
  ServerApi(URI server, @Nullable String key) {
    this.server = server;
    this.key = key;
  }

  /** Null where there is nothing. */
  @Nullable JsonNode find(String path) throws RefusedException, IOException, InterruptedException {
    HttpResponse<String> answer = send(request(path).GET());
    return answer.statusCode() == NOT_FOUND ? null : body(answer);
  }

  JsonNode get(String path) throws RefusedException, IOException, InterruptedException {
    return body(send(request(path).GET()));
  }

  JsonNode post(String path, Object body)
      throws RefusedException, IOException, InterruptedException {
    return body(
        send(
            request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(JSON.writeValueAsString(body)))));
  }

  /**
   * Reads server-sent events until their end.
   *
   * @param event gets the name and the data of each
   * @throws IOException when the stream breaks off
   */
  void watch(String path, BiConsumer<String, JsonNode> event)
      throws RefusedException, IOException, InterruptedException {
    HttpResponse<InputStream> answer =
        http.send(request(path).GET().build(), BodyHandlers.ofInputStream());
    try (var lines = new BufferedReader(new InputStreamReader(answer.body(), UTF_8))) {
      if (answer.statusCode() != OK) {
        throw refused(answer.statusCode(), lines.lines().reduce("", String::concat));
      }
      String name = "";
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("event: ")) {
          name = line.substring("event: ".length());
        } else if (line.startsWith("data: ")) {
          event.accept(name, JSON.readTree(line.substring("data: ".length())));
        }
      }
    }
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server + path)).timeout(PATIENCE);
    return key == null ? request : request.header("Authorization", "Bearer " + key);
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private static JsonNode body(HttpResponse<String> answer) throws RefusedException {
    if (answer.statusCode() >= BAD) {
      throw refused(answer.statusCode(), answer.body());
    }
    return JSON.readTree(answer.body());
  }

  /** In the server's own words, where it has some. */
  private static RefusedException refused(int status, String body) {
    try {
      JsonNode problem = JSON.readTree(body);
      if (problem.path("message").isString()) {
        return new RefusedException(Problems.text(problem));
      }
    } catch (JacksonException e) {
      return new RefusedException("The server answers %d, and not as Ingot does".formatted(status));
    }
    return new RefusedException("The server answers %d".formatted(status));
  }

  @Override
  public void close() {
    http.close();
  }
}
