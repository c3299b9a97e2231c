package dev.ingot.testing;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One package of a running server. */
public final class PackageApi {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Client client;
  private final String path;

  public PackageApi(Client client, String path) {
    this.client = client;
    this.path = path;
  }

  public String path() {
    return path;
  }

  /** Creates a materialization and returns its id. */
  public String create(String body) {
    return client.post(path + "/materializations", body).expect(201).json().path("id").asString();
  }

  /** Starts a PENDING one. */
  public JsonNode start(String id) {
    return client.post(path + "/materializations/" + id + "/start").expect(202).json();
  }

  /** What is known of one now. */
  public JsonNode get(String id) {
    return client.get(path + "/materializations/" + id).expect(200).json();
  }

  /** Creates and starts one, and waits for its end. */
  public JsonNode build() {
    return build("{}");
  }

  public JsonNode build(String body) {
    String id = create(body);
    start(id);
    return await(id);
  }

  /** Builds and fails the test with the whole answer unless the run succeeds. */
  public JsonNode buildOk() {
    return buildOk("{}");
  }

  public JsonNode buildOk(String body) {
    JsonNode run = build(body);
    if (!run.path("status").asString().equals("SUCCESS")) {
      throw new AssertionError(run.toPrettyString());
    }
    return run;
  }

  /** Looks again and again until it has ended. */
  public JsonNode await(String id) {
    var last = new AtomicReference<>(get(id));
    Wait.until(
        "materialization %s has ended".formatted(id),
        PATIENCE,
        () -> hasEnded(last.updateAndGet(run -> hasEnded(run) ? run : get(id))));
    return last.get();
  }

  private static boolean hasEnded(JsonNode run) {
    String status = run.path("status").asString();
    return !status.equals("PENDING") && !status.equals("RUNNING");
  }

  /** Runs Malloy text against a model, with plain rows as its result. */
  public Answer query(String model, String text) {
    String body = JSON.writeValueAsString(Map.of("query", text, "compactJson", true));
    return client.post(path + "/models/" + model + "/query", body);
  }

  /** The same with values for the model's givens, as JSON. */
  public Answer query(String model, String text, String givens) {
    return client.post(
        path + "/models/" + model + "/query",
        "{\"query\":%s,\"compactJson\":true,\"givens\":%s}"
            .formatted(JSON.writeValueAsString(text), givens));
  }

  public Answer post(String below, String body) {
    return client.post(path + below, body);
  }

  /** The same package as somebody else sees it. */
  public PackageApi as(String bearer) {
    return new PackageApi(client.as(bearer), path);
  }

  /** The same query, to be answered as {@code text/csv} or {@code application/x-ndjson}. */
  public HttpRequest.Builder streaming(String model, String text, String accept) {
    return client
        .request(path + "/models/" + model + "/query")
        .header("Content-Type", "application/json")
        .header("Accept", accept)
        .POST(BodyPublishers.ofString(JSON.writeValueAsString(Map.of("query", text))));
  }

  /** The rows of a query that must succeed. */
  public JsonNode rows(String model, String text) {
    return query(model, text).expect(200).rows();
  }

  /** Runs a named query, with plain rows as its result. */
  public Answer named(String model, String name) {
    return client.post(
        path + "/models/" + model + "/query",
        "{\"queryName\":\"%s\",\"compactJson\":true}".formatted(name));
  }

  /** What a build with these query parameters would do now. */
  public JsonNode plan(String parameters) {
    return client.get(path + "/plan" + parameters).expect(200).json();
  }

  public JsonNode manifest() {
    return client.get(path + "/manifest").expect(200).json();
  }

  /** The target of a run that declares this table. */
  public static JsonNode target(JsonNode run, String tableName) {
    for (JsonNode target : run.path("targets")) {
      if (target.path("tableName").asString().equals(tableName)) {
        return target;
      }
    }
    throw new AssertionError("no target %s in %s".formatted(tableName, run.toPrettyString()));
  }
}
