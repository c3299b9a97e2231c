package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Answer;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that change under a package that is served. */
class ChangedDataTest extends MalloyRules {

  private static final String MODEL =
      """
      source: t is duckdb.table('o.csv')
      #@ persist
      source: kept is t -> { aggregate: n is count() }
      """;
  private static final String LIST = "run: t -> { select: *; order_by: 1 }";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "id,v;x,a;y,b        | [{\"id\":\"x\",\"v\":\"a\"},{\"id\":\"y\",\"v\":\"b\"}]",
        "id,v;2020-01-01,a   | [{\"id\":\"2020-01-01\",\"v\":\"a\"}]",
        "id,v;true,a         | [{\"id\":true,\"v\":\"a\"}]",
        "x,a;1,2             | [{\"a\":2,\"x\":1}]",
        "v;a                 | [{\"v\":\"a\"}]",
      })
  void aColumnThatIsAnotherIsNotTakenForTheOneBefore(String lines, String after) {
    String name = nextName();
    PackageFiles files =
        PackageFiles.create(server.packageFolder(name))
            .file("o.csv", "id,v\n1,a\n2,b\n")
            .model("m.malloy", MODEL);
    PackageApi p = server.register(name);
    p.buildOk();
    assertThat(p.rows("m.malloy", LIST)).hasSize(2);

    files.file("o.csv", lines.replace(';', '\n') + "\n");

    requireHint(p, p.query("m.malloy", LIST));
    requireHint(
        p,
        server
            .client()
            .post(p.path() + "/models/m.malloy/query", "{\"query\":\"%s\"}".formatted(LIST)));
    for (String form : new String[] {"text/csv", "application/x-ndjson"}) {
      requireHint(p, server.client().send(p.streaming("m.malloy", LIST, form)));
    }
    assertThat(p.rows("m.malloy", "run: kept -> { select: * }"))
        .as("a table has what it was built from")
        .hasToString("[{\"n\":2}]");
    server.client().post(p.path() + "/manifest/reload").expect(200);
    assertThat(p.rows("m.malloy", "run: t -> { select: * }")).hasToString(after);
  }

  @Test
  void aFileThatIsGoneIsNamedWithWhatToDo() throws IOException {
    PackageApi p = orders("source: o is duckdb.table('data/orders.csv')");
    p.query("orders.malloy", "run: o -> { select: * }").expect(200);

    Files.delete(server.packageFolder("rules-" + packages).resolve("data/orders.csv"));

    requireHint(p, p.query("orders.malloy", "run: o -> { select: * }"));
  }

  @Test
  void aQueryThatFailsForAnotherReasonHasNoHint() {
    PackageApi p = orders("source: o is duckdb.table('data/orders.csv')");

    Answer answer = p.query("orders.malloy", "run: o -> { select: x is customer::number }");

    Refusal.check(answer, 422, "query_failed", "ann");
    assertThat(answer.text()).doesNotContain("reload");
  }

  private static void requireHint(PackageApi p, Answer answer) {
    Refusal.check(answer, 422, "query_failed", "POST " + p.path() + "/manifest/reload");
  }
}
