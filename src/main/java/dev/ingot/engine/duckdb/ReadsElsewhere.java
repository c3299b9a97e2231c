package dev.ingot.engine.duckdb;

import dev.ingot.engine.Engine.EngineException;
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

  /** Between two literals, which the parser makes one of. */
  private static final Pattern ADJOINED = Pattern.compile("'\\s*[\\n\\r]\\s*'");

  private static final List<String> HIDING = List.of("$", "\\", "://");
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
                  "parquet_bloom_probe",
                  "parquet_file_metadata",
                  "parquet_full_metadata",
                  "parquet_kv_metadata",
                  "parquet_metadata",
                  "parquet_schema",
                  "sniff_csv"))
          .collect(Collectors.toUnmodifiableSet());

  /** Those whose first argument names a table. */
  static final Set<String> NAMERS = Set.of("histogram", "pragma_table_info");

  /** Whether a name stands for something that isn't in the package. */
  static boolean isUrl(String name) {
    return URL.matcher(name).matches();
  }

  /**
   * @param grants of the database; without any, statements of which there is no tree are looked at
   *     as texts
   * @throws EngineException when it names files in a way that can't be checked
   */
  static ReadsElsewhere of(DuckDbDatabase database, String select, Grants grants) {
    try {
      SyntaxTree tree = SyntaxTree.of(database, select);
      if (tree.isThere()) {
        var found = new ReadsElsewhere(new LinkedHashSet<>(), new TreeSet<>());
        tree.forEach(node -> found.collect(node, grants.refusedNames()));
        return found;
      }
      if (tree.isWrong()) {
        // It won't run; DuckDB says why.
        return NOTHING;
      }
    } catch (StreamConstraintsException e) {
      throw refuse("it is nested too deeply");
    }
    if (!grants.isEmpty() || !isPlain(select)) {
      throw refuse(
          "a PIVOT whose columns come from the data, and other statements that DuckDB makes no tree of, can't be checked where data elsewhere is granted: name the columns with IN (…)");
    }
    return NOTHING;
  }

  /** Whether it names no files, nor hides what it names. */
  private static boolean isPlain(String select) {
    boolean readsFiles = SingleSelect.of(select).calls().stream().anyMatch(READERS::contains);
    String whole = ADJOINED.matcher(select).replaceAll("");
    return !readsFiles && HIDING.stream().noneMatch(whole::contains);
  }

  private void collect(JsonNode node, AllowedCalls.Refused refused) {
    if (node.isString()) {
      requireHonest(node.asString());
    }
    switch (node.path("type").asString("")) {
      case "BASE_TABLE", "SHOW_REF" -> table(node, refused);
      case "TABLE_FUNCTION" -> call(node.path("function"));
      default -> {
        // Nothing that reads.
      }
    }
  }

  private void table(JsonNode node, AllowedCalls.Refused refused) {
    List<String> parts = SyntaxTree.name(node);
    if (parts.isEmpty()) {
      return;
    }
    if (refused.hasView(parts.getLast())) {
      throw refuse("it reads %s, which a model may not".formatted(parts.getLast()));
    }
    // Where there is no such table, DuckDB reads the file of that name.
    String whole = String.join(".", parts);
    requireHonest(whole);
    if (isUrl(whole)) {
      urls.add(whole);
    } else if (parts.size() > 1) {
      qualifiers.add(parts.getFirst().toLowerCase(Locale.ROOT));
    }
  }

  private void call(JsonNode function) {
    String name = function.path("function_name").asString("").toLowerCase(Locale.ROOT);
    if (NAMERS.contains(name)) {
      throw refuse("%s() takes a table's name as a text, which can't be checked".formatted(name));
    }
    if (!READERS.contains(name)) {
      return;
    }
    for (JsonNode one : SyntaxTree.files(function)) {
      if (!SyntaxTree.isConstant(one)) {
        throw refuse(
            "%s() is called with a name that is put together: where data elsewhere is granted, names of files are written out"
                .formatted(name));
      }
      String file = SyntaxTree.text(one);
      if (isUrl(file)) {
        urls.add(file);
      }
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
