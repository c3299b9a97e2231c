package dev.ingot.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Malloy with its own PostgreSQL connection, in a process of Node.js. */
public final class MalloysPostgres {

  private static final String PROGRAM = "src/main/sidecar/test/malloys-postgres.mjs";
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Keeps the digits of numbers. */
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private MalloysPostgres() {}

  /**
   * Each query's {@code rows}, as Malloy gives them to JavaScript, or its {@code error}.
   *
   * @param model whose connection is named {@code warehouse}
   */
  public static List<JsonNode> answers(TestDatabase database, String model, List<String> queries) {
    var asked =
        Map.of(
            "connection",
            Map.of(
                "host", database.host(),
                "port", database.port(),
                "databaseName", database.name(),
                "username", database.user(),
                "password", database.password()),
            "model",
            model,
            "queries",
            queries);
    try {
      Path from = Files.createTempFile("ingot-asked", ".json");
      Path to = Files.createTempFile("ingot-answers", ".json");
      try {
        Files.writeString(from, JSON.writeValueAsString(asked));
        Commands.Outcome outcome =
            Commands.tryRun(PATIENCE, Script.realNode(), PROGRAM, from.toString(), to.toString());
        if (outcome.exitCode().orElse(-1) != 0) {
          throw new AssertionError(outcome.said());
        }
        return JSON.readTree(Files.readString(to)).valueStream().toList();
      } finally {
        Files.delete(from);
        Files.delete(to);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The rows of a compact answer, with all digits of their numbers. */
  public static JsonNode exactly(Answer answer) {
    return JSON.readTree(answer.json().path("result").asString());
  }
}
