package dev.ingot.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Sends JSON and takes what comes, which has to be what the contract says of refusals. */
public final class Client {

  private final HttpClient http;
  private final String url;
  private final @Nullable String key;

  public Client(String url) {
    this(
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build(),
        url,
        null);
  }

  private Client(HttpClient http, String url, @Nullable String key) {
    this.http = http;
    this.url = url;
    this.key = key;
  }

  /** One that says who it is, by a key or token. */
  public Client as(String bearer) {
    return new Client(http, url, bearer);
  }

  public String url() {
    return url;
  }

  public Answer get(String path) {
    return send("GET", path, null);
  }

  public Answer delete(String path) {
    return send("DELETE", path, null);
  }

  public Answer post(String path) {
    return send("POST", path, null);
  }

  public Answer post(String path, String body) {
    return send("POST", path, body);
  }

  public Answer patch(String path, String body) {
    return send("PATCH", path, body);
  }

  private Answer send(String method, String path, @Nullable String body) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .method(
                method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body)));
  }

  /** The beginning of a request that the other methods can't make. */
  public HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path)).timeout(Duration.ofMinutes(2));
    return key == null ? request : request.header("Authorization", "Bearer " + key);
  }

  public Answer send(HttpRequest.Builder request) {
    var response = send(request, BodyHandlers.ofString());
    var answer = new Answer(response.statusCode(), response.headers(), response.body());
    if (answer.header("Content-Type").startsWith("application/problem+json")) {
      Contract.check(response.request().method(), response.uri().getRawPath(), answer);
    }
    return answer;
  }

  /** Returns with the head of the answer; the body is read as it comes. */
  public HttpResponse<InputStream> open(HttpRequest.Builder request) {
    return send(request, BodyHandlers.ofInputStream());
  }

  private <T> HttpResponse<T> send(HttpRequest.Builder request, BodyHandler<T> body) {
    try {
      return http.send(request.build(), body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
