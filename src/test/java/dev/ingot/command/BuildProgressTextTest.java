package dev.ingot.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class BuildProgressTextTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();

  private BuildProgressText text(boolean terminal) {
    return new BuildProgressText(new PrintStream(written, true, UTF_8), terminal);
  }

  private static void take(BuildProgressText text, String event, String data) {
    text.take(event, JSON.readTree(data));
  }

  private static void half(BuildProgressText text) {
    take(
        text,
        "state",
        """
        {"targets": [{"buildId": "1", "tableName": "one", "status": "PENDING"},
          {"buildId": "2", "tableName": "two", "status": "PENDING"}]}
        """);
    take(
        text,
        "target",
        "{\"buildId\": \"1\", \"tableName\": \"one\", \"status\": \"BUILT\", \"rows\": 3, \"durationMs\": 12}");
  }

  @Test
  void elsewhereEachTableIsALineOnce() {
    BuildProgressText text = text(false);
    half(text);
    take(
        text,
        "target",
        "{\"buildId\": \"1\", \"tableName\": \"one\", \"status\": \"BUILT\", \"rows\": 3}");
    take(
        text,
        "target",
        "{\"buildId\": \"2\", \"tableName\": \"two\", \"status\": \"FAILED\", \"error\": \"no\"}");

    assertThat(written.toString(UTF_8).lines())
        .containsExactly("BUILT     one, 3 rows, 12 ms", "FAILED    two: no");
  }

  @Test
  void onATerminalABarMovesWithinATable() {
    BuildProgressText text = text(true);
    half(text);
    take(text, "progress", "{\"buildId\": \"2\", \"percent\": 50}");

    assertThat(written.toString(UTF_8))
        .contains("] " + " 50 % of 2")
        .endsWith("] " + " 75 % of 2 tables");
  }
}
