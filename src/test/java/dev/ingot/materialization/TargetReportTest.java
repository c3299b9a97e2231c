package dev.ingot.materialization;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.plan.Reason;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class TargetReportTest {

  private static final String KEPT =
      """
      {"buildId":"b1","tableName":"a","declaredTable":"main.a","physicalTable":"main.a__1","connectionName":"duckdb",
       "sourceNames":["a","b"],"dependsOn":["b0"],"changedData":["o.csv"],"status":"BUILT","reason":"SQL_CHANGED","rows":7,"bytes":800,
       "startedAt":"2026-01-02T03:04:05Z","durationMs":12,"sql":"SELECT 1","error":null,"model":"m.malloy","line":3}
      """;

  private static final Instant SINCE = Instant.parse("2026-01-02T03:04:05Z");

  private static final TargetReport REPORT =
      new TargetReport(
          new TargetReport.Target(
              "b1",
              "a",
              "main.a",
              "duckdb",
              List.of("a", "b"),
              List.of("b0"),
              List.of("o.csv"),
              "m.malloy",
              3),
          Reason.SQL_CHANGED,
          new TargetReport.Progress(
              TargetStatus.BUILT, "main.a__1", 7L, 800L, SINCE, 12L, "SELECT 1", null));

  private final JsonMapper json = JsonMapper.builder().build();

  @Test
  void isReadAndWrittenOnOneLevel() {
    assertThat(json.readValue(KEPT, TargetReport.class)).isEqualTo(REPORT);
    assertThat(json.readTree(json.writeValueAsString(REPORT))).isEqualTo(json.readTree(KEPT));
  }

  @Test
  void aRowOfAServerBeforeHasTheNameThatItHad() {
    String before = KEPT.replace("\"tableName\":\"a\",\"declaredTable\"", "\"tableName\"");

    TargetReport.Target target = json.readValue(before, TargetReport.class).target();

    assertThat(target.tableName()).isEqualTo("main.a");
    assertThat(target.declaredTable()).isNull();
  }

  @Test
  void serversBeforeAndAfterWriteLessAndMore() {
    String before = KEPT.replace("\"bytes\":800,", "");
    String after = KEPT.replace("\"rows\"", "\"whatever\":{\"new\":1},\"rows\"");

    assertThat(json.readValue(before, TargetReport.class).progress().bytes()).isNull();
    assertThat(json.readValue(after, TargetReport.class)).isEqualTo(REPORT);
  }

  @Test
  void aTargetThatEndsWithoutATableHasNone() {
    TargetReport planned =
        new TargetReport(
            REPORT.target(),
            Reason.NEW,
            TargetReport.Progress.none(TargetStatus.PENDING, "main.a__1"));

    TargetReport failed =
        planned.running("SELECT 2", SINCE, null).ended(TargetStatus.FAILED, "no room");

    assertThat(failed.progress())
        .isEqualTo(
            new TargetReport.Progress(
                TargetStatus.FAILED, null, null, null, SINCE, null, "SELECT 2", "no room"));
    assertThat(planned.running("SELECT 2", SINCE, null).built(4, 600L, 5, null).progress())
        .isEqualTo(
            new TargetReport.Progress(
                TargetStatus.BUILT, "main.a__1", 4L, 600L, SINCE, 5L, "SELECT 2", null));
  }
}
