package dev.ingot.engine.duckdb;

import dev.ingot.engine.Engine.EngineException;
import java.sql.ResultSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a SELECT reads by URLs, and the databases that it may name, found in the syntax tree that
 * DuckDB makes of it.
 *
 * <p>DuckDB (1.5.5) compares URLs with what is allowed as texts, from their beginning. So it lets
 * {@code s3://lake/orders/../secrets.csv} through, and {@code
 * s3://lake/orders/a.csv?s3_endpoint=127.0.0.1:80}, which asks that server. Such names are refused
 * here, and so are names of files that are put together while the SELECT is bound.
 *
 * @param urls in their order
 * @param qualifiers in lower case: what stands before a schema or a table
 */
record ReadsElsewhere(Set<String> urls, Set<String> qualifiers) {

  static final ReadsElsewhere NOTHING = new ReadsElsewhere(Set.of(), Set.of());

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Pattern URL = Pattern.compile("(?is)[a-z][a-z0-9+.-]*://.*");
  private static final Pattern BUCKET = Pattern.compile("(?is)(s3|s3a|s3n|gs|gcs|r2)://.*");
  private static final Pattern UPWARDS =
      Pattern.compile("(?is).*/(\\.|%2e){1,2}([/?#].*|$)|.*\\\\.*");

  /** Of those that may be called, the ones whose first argument names files. */
  static final Set<String> READERS =
      Stream.concat(
              ReaderCalls.READERS.stream(),
              Stream.of(
                  "glob",
                  "histogram",
                  "parquet_bloom_probe",
                  "parquet_file_metadata",
                  "parquet_full_metadata",
                  "parquet_kv_metadata",
                  "parquet_metadata",
                  "parquet_schema",
                  "pragma_table_info",
                  "sniff_csv"))
          .collect(Collectors.toUnmodifiableSet());

  /** Whether a name stands for something that isn't in the package. */
  static boolean isUrl(String name) {
    return URL.matcher(name).matches();
  }

  /**
   * @throws EngineException when it names files in a way that can't be checked
   */
  static ReadsElsewhere of(DuckDbDatabase database, String select) {
    String tree =
        database.look((connection, statement) -> {
          try (ResultSet row =
              statement.executeQuery(
                  "SELECT json_serialize_sql(%s)".formatted(DuckDbSql.literal(select)))) {
            row.next();
            return row.getString(1);
          }
        });
    try {
      JsonNode read = JSON.readTree(tree);
      if (!read.path("error").asBoolean(true)) {
        var found = new ReadsElsewhere(new LinkedHashSet<>(), new TreeSet<>());
        found.collect(read);
        return found;
      }
      if (read.path("error_type").asString("").equals("parser")) {
        // It won't run; DuckDB says why.
        return NOTHING;
      }
    } catch (StreamConstraintsException e) {
      // Deeper than anybody writes: as if there were no tree.
    }
    requirePlain(select);
    return NOTHING;
  }

  /** There is no tree of PIVOT. */
  private static void requirePlain(String select) {
    boolean readsFiles = SingleSelect.calls(select).stream().anyMatch(READERS::contains);
    boolean hides = select.contains("$") || select.contains("\\") || select.contains("://");
    if (readsFiles || hides) {
      throw refuse(
          "PIVOT and other statements that are no plain SELECT read no files by name where data elsewhere is granted: read them in a source of their own");
    }
  }

  private void collect(JsonNode node) {
    if (node.isString()) {
      requireHonest(node.asString());
    }
    switch (node.path("type").asString("")) {
      case "BASE_TABLE", "SHOW_REF" -> {
        addUrl(node.path("table_name"));
        Stream.of("catalog_name", "schema_name")
            .map(field -> node.path(field).asString("").toLowerCase(Locale.ROOT))
            .filter(name -> !name.isEmpty())
            .findFirst()
            .ifPresent(this::addQualifier);
      }
      case "TABLE_FUNCTION" -> call(node.path("function"));
      default -> {
        // Nothing that reads.
      }
    }
    node.forEach(this::collect);
  }

  private void addQualifier(String name) {
    if (name.startsWith("__ducklake_")) {
      throw refuse(
          "'%s' is the catalog of a lake, of which only the tables are read".formatted(name));
    }
    qualifiers.add(name);
  }

  private void call(JsonNode function) {
    String name = function.path("function_name").asString("").toLowerCase(Locale.ROOT);
    if (!READERS.contains(name)) {
      return;
    }
    JsonNode first = function.path("children").path(0);
    List<JsonNode> names =
        first.path("function_name").asString("").equals("list_value")
            ? first.path("children").valueStream().toList()
            : List.of(first);
    for (JsonNode one : names) {
      if (!one.path("class").asString("").equals("CONSTANT")) {
        throw refuse(
            "%s() is called with a name that is put together: where data elsewhere is granted, names of files are written out"
                .formatted(name));
      }
      addUrl(one.path("value").path("value"));
    }
  }

  private void addUrl(JsonNode name) {
    if (isUrl(name.asString(""))) {
      urls.add(name.asString());
    }
  }

  private static void requireHonest(String text) {
    if (!isUrl(text)) {
      return;
    }
    if (UPWARDS.matcher(text).matches()) {
      throw refuse("'%s' leads out of its folder: write it without ./ and ../".formatted(text));
    }
    if (BUCKET.matcher(text).matches() && text.contains("?")) {
      throw refuse(
          "'%s' has a '?', which would say how the bucket is reached: use * in patterns"
              .formatted(text));
    }
  }

  private static EngineException refuse(String what) {
    return new EngineException("The SQL can't be run: " + what, new IllegalArgumentException(what));
  }
}
