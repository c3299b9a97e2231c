package dev.ingot.bench;

import dev.ingot.testing.Client;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A package of {@code width * depth} persist sources over a Parquet file. Those of the first level
 * aggregate the file; source i of a level below reads source i of the level above it and joins that
 * one's neighbour.
 */
final class GeneratedPackage {

  static final String MODEL = "model.malloy";
  static final String DATA = "data/events.parquet";

  /** DuckDB's own account of its memory, by name of what it is for. */
  private static final String MEMORY = "source: memory is duckdb.sql(\"FROM duckdb_memory()\")\n";

  private final PackageFiles files;
  private final int width;
  private final int depth;

  /** How often a source's text was changed. */
  private final Map<String, Integer> edits = new HashMap<>();

  private GeneratedPackage(PackageFiles files, int width, int depth) {
    this.files = files;
    this.width = width;
    this.depth = depth;
  }

  static GeneratedPackage create(Path folder, int width, int depth, long rows)
      throws IOException, SQLException {
    Files.createDirectories(folder.resolve("data"));
    var made = new GeneratedPackage(PackageFiles.create(folder), width, depth);
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute(made.data(rows));
    }
    made.files.file("memory.malloy", MEMORY);
    made.write();
    return made;
  }

  /** As the only package of a new project. */
  PackageApi register(Client client) {
    client.post("/api/v0/projects", "{\"name\":\"p\"}").expect(201);
    client
        .post(
            "/api/v0/projects/p/packages",
            "{\"name\":\"generated\",\"location\":\"%s\"}".formatted(folder()))
        .expect(201);
    return new PackageApi(client, "/api/v0/projects/p/packages/generated");
  }

  Path folder() {
    return files.folder();
  }

  /** The same for every call: the values are hashes of the row's number. */
  private String data(long rows) {
    String keys =
        columns(i -> "(hash(i * %d) %% %d)::BIGINT AS k%d".formatted(2 * i + 3, 20 * (i + 2), i));
    String values =
        columns(i -> "((hash(i * %d) %% 100000) / 100.0)::DOUBLE AS v%d".formatted(7 * i + 11, i));
    return """
    COPY (
      SELECT i AS id, DATE '2026-01-01' + (i % 365)::INT AS d, 'c' || (i % 50) AS category,
        <keys>, <values>
      FROM range(<rows>) t(i)
    ) TO '<file>' (FORMAT parquet)
    """
        .replace("<keys>", keys)
        .replace("<values>", values)
        .replace("<rows>", Long.toString(rows))
        .replace("<file>", folder().resolve(DATA).toString());
  }

  private String columns(IntFunction<String> column) {
    return IntStream.range(0, width).mapToObj(column).collect(Collectors.joining(", "));
  }

  /** Gives one source another SQL, and all that read it with it. */
  void edit(int level, int index) {
    edits.merge(name(level, index), 1, Integer::sum);
    write();
  }

  private static String name(int level, int index) {
    return "s%d_%d".formatted(level, index);
  }

  private void write() {
    var model =
        new StringBuilder(
            """

            source: events is duckdb.table('data/events.parquet') extend {
              measure: n is count()
            }
            """);
    for (int level = 0; level < depth; level++) {
      for (int index = 0; index < width; index++) {
        model.append(level == 0 ? first(index) : further(level, index));
      }
    }
    files.model(MODEL, model.toString());
  }

  private String first(int index) {
    return """

    #@ persist name="<name>"
    source: <name> is events -> {
      group_by: k is k<index>, d, category
      aggregate:
        total is v<index>.sum()
        cnt is count()<edit>
    }
    """
        .replace("<name>", name(0, index))
        .replace("<index>", Integer.toString(index))
        .replace("<edit>", edit(name(0, index)));
  }

  private String further(int level, int index) {
    return """

    #@ persist name="<name>"
    source: <name> is <base> extend {
      join_one: j is <joined> on category = j.category and d = j.d and k = j.k
    } -> {
      group_by: k, d, category
      aggregate:
        total is total.sum()
        cnt is cnt.sum()<edit>
        jt is j.total.max()
    }
    """
        .replace("<name>", name(level, index))
        .replace("<base>", name(level - 1, index))
        .replace("<joined>", name(level - 1, (index + 1) % width))
        .replace("<edit>", edit(name(level, index)));
  }

  private String edit(String source) {
    int times = edits.getOrDefault(source, 0);
    return times == 0 ? "" : " + " + times;
  }
}
