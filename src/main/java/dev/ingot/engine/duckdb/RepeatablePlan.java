package dev.ingot.engine.duckdb;

import dev.ingot.engine.TableName;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tells whether a SELECT says the same again as long as its tables stay as they are, by the plan
 * that DuckDB has bound it to: views, macros and words such as {@code LOCALTIMESTAMP} are there as
 * what they stand for, and each call with its overload.
 *
 * <p>What isn't listed here isn't repeatable. DuckDB's own word is not enough: of 1.5.5, {@code
 * LOCALTIMESTAMP}, {@code age(x)}, {@code getvariable} and {@code reservoir_quantile} count as
 * consistent. Left out are in particular
 *
 * <ul>
 *   <li>what reads files that are no tables of Ingot's, sequences, settings, the clock or the
 *       session's time zone;
 *   <li>what goes by the order in which rows come: {@code any_value}, lists, most window functions,
 *       a LIMIT over what isn't in a total order;
 *   <li>sums of floating-point numbers, whose last digits go by that order too.
 * </ul>
 */
final class RepeatablePlan {

  private static final Set<String> OPERATORS =
      Set.of(
          "LOGICAL_AGGREGATE_AND_GROUP_BY",
          "LOGICAL_ANY_JOIN",
          "LOGICAL_COMPARISON_JOIN",
          "LOGICAL_CROSS_PRODUCT",
          "LOGICAL_CTE_REF",
          "LOGICAL_DELIM_GET",
          "LOGICAL_DELIM_JOIN",
          "LOGICAL_DUMMY_SCAN",
          "LOGICAL_EMPTY_RESULT",
          "LOGICAL_EXCEPT",
          "LOGICAL_EXPRESSION_GET",
          "LOGICAL_FILTER",
          "LOGICAL_GET",
          "LOGICAL_INTERSECT",
          "LOGICAL_LIMIT",
          "LOGICAL_MATERIALIZED_CTE",
          "LOGICAL_ORDER_BY",
          "LOGICAL_PROJECTION",
          "LOGICAL_UNION",
          "LOGICAL_UNNEST");

  /** What goes by the order in which rows come. */
  private static final Set<String> UNSETTLED_OPERATORS =
      Set.of("LOGICAL_DISTINCT", "LOGICAL_WINDOW");

  /** Besides calls and casts, which are looked into. */
  private static final Set<String> EXPRESSIONS =
      Set.of(
          "BOUND_BETWEEN",
          "BOUND_CASE",
          "BOUND_COLUMN_REF",
          "BOUND_COMPARISON",
          "BOUND_CONJUNCTION",
          "BOUND_CONSTANT",
          "BOUND_OPERATOR",
          "BOUND_REF",
          "BOUND_UNNEST");

  /** Their result goes by the order of the rows where the numbers are of these types. */
  private static final Set<String> SUMS = Set.of("avg", "sum", "sum_no_overflow");

  private static final Set<String> FLOATING = Set.of("DOUBLE", "FLOAT");

  /** What they are in text, or in parts, goes by the session's time zone. */
  private static final Set<String> ZONED =
      Set.of("TIMESTAMP WITH TIME ZONE", "TIME WITH TIME ZONE");

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final String database;
  private final Function<String, Optional<TableName>> ofFile;
  private final Set<TableName> tables = new HashSet<>();
  private boolean timeless;
  private boolean settled = true;

  private RepeatablePlan(String database, Function<String, Optional<TableName>> ofFile) {
    this.database = database;
    this.ofFile = ofFile;
  }

  /**
   * What is found out about a SELECT.
   *
   * @param timeless whether the plan has nothing of its moment in it, and so can be kept
   * @param tables those that it reads, if it is repeatable
   */
  record Finding(boolean timeless, Optional<Set<TableName>> tables) {

    static final Finding NOTHING = new Finding(false, Optional.empty());
  }

  /**
   * @param plans what {@code json_serialize_plan} says of the SELECT
   * @param database the name of the one whose tables count
   * @param ofFile the table that a Parquet file is, if it is one
   */
  static Finding find(String plans, String database, Function<String, Optional<TableName>> ofFile) {
    JsonNode read;
    try {
      read = JSON.readTree(plans);
    } catch (StreamConstraintsException deep) {
      return Finding.NOTHING;
    }
    var plan = new RepeatablePlan(database, ofFile);
    // What can't be written down, such as a reader of CSV, is an error.
    plan.timeless = read.path("error").isBoolean() && !read.path("error").booleanValue();
    plan.look(read);
    return new Finding(
        plan.timeless,
        plan.timeless && plan.settled ? Optional.of(Set.copyOf(plan.tables)) : Optional.empty());
  }

  private void look(JsonNode node) {
    if (node.isObject()) {
      timeless &= isTimeless(node);
      settled &= isSettled(node);
    }
    // Also where nothing is known of a node: each that is one of these is found.
    for (JsonNode child : node) {
      if (timeless) {
        look(child);
      }
    }
  }

  private boolean isTimeless(JsonNode node) {
    String expression = node.path("expression_class").asString("");
    String operator = node.path("type").asString("");
    if (expression.isEmpty()) {
      return !operator.startsWith("LOGICAL_")
          || UNSETTLED_OPERATORS.contains(operator)
          || (OPERATORS.contains(operator) && (!operator.equals("LOGICAL_GET") || isTable(node)));
    }
    return switch (expression) {
      case "BOUND_AGGREGATE" -> isKnownAggregate(node);
      case "BOUND_FUNCTION" -> isBuiltIn(node, KnownCalls.SCALARS) && isWithoutZone(node);
      case "BOUND_CAST" -> isWithoutZone(node) && isWithoutZone(node.path("child"));
      // The others are of a type of their own each.
      case "BOUND_WINDOW" -> !operator.equals("WINDOW_AGGREGATE") || isKnownAggregate(node);
      default -> EXPRESSIONS.contains(expression);
    };
  }

  private static boolean isKnownAggregate(JsonNode call) {
    return (isBuiltIn(call, KnownCalls.AGGREGATES)
            || isBuiltIn(call, KnownCalls.UNSETTLED_AGGREGATES))
        && isWithoutZone(call);
  }

  /** Whether it is the same in whatever order rows come. */
  private static boolean isSettled(JsonNode node) {
    String kind = node.path("expression_class").asString(node.path("type").asString(""));
    return switch (kind) {
      case "BOUND_AGGREGATE" -> isBuiltIn(node, KnownCalls.AGGREGATES) && !isFloatingSum(node);
      case "LOGICAL_LIMIT" -> isInTotalOrder(node);
      default -> !UNSETTLED_OPERATORS.contains(kind);
    };
  }

  private static boolean isFloatingSum(JsonNode call) {
    return isBuiltIn(call, SUMS)
        && call.path("arguments").valueStream().anyMatch(type -> isOneOf(FLOATING, type));
  }

  private boolean isTable(JsonNode scan) {
    if (!scan.path("extra_info").path("sample_options").isNull()) {
      return false;
    }
    JsonNode data = scan.path("function_data");
    return switch (scan.path("name").asString("")) {
      case "seq_scan" -> isOfDatabase(data);
      case "read_parquet" -> isOfTables(data);
      default -> false;
    };
  }

  private boolean isOfDatabase(JsonNode data) {
    tables.add(new TableName(data.path("schema").asString(), data.path("table").asString()));
    return data.path("catalog").asString("").equals(database);
  }

  private boolean isOfTables(JsonNode data) {
    JsonNode files = data.path("files");
    List<TableName> read =
        files.valueStream().flatMap(file -> ofFile.apply(file.asString()).stream()).toList();
    tables.addAll(read);
    return !read.isEmpty() && read.size() == files.size();
  }

  /** By the name that was called: of a function that DuckDB brings, never of a macro. */
  private static boolean isBuiltIn(JsonNode call, Set<String> names) {
    String catalog = call.path("catalog_name").asString("");
    return names.contains(call.path("name").asString(""))
        && (catalog.isEmpty() || catalog.equals("system"));
  }

  private static boolean isWithoutZone(JsonNode call) {
    return !isOneOf(ZONED, call.path("return_type"))
        && !isOneOf(ZONED, call.path("value").path("type"))
        && call.path("arguments").valueStream().noneMatch(type -> isOneOf(ZONED, type));
  }

  private static boolean isOneOf(Set<String> types, JsonNode type) {
    return types.contains(type.path("id").asString(""));
  }

  /**
   * Whether no two different rows come equal in the order that a LIMIT cuts off: it goes by all
   * columns of what it orders, or by all that this is grouped by.
   */
  private static boolean isInTotalOrder(JsonNode limit) {
    JsonNode order = belowChoice(child(limit));
    JsonNode columns = child(order);
    if (!is(order, "LOGICAL_ORDER_BY") || !is(columns, "LOGICAL_PROJECTION")) {
      return false;
    }
    Set<Integer> ordered =
        order
            .path("orders")
            .valueStream()
            .map(one -> index(one.path("expression")))
            .collect(Collectors.toSet());
    JsonNode rows = child(columns);
    JsonNode expressions = columns.path("expressions");
    if (!is(rows, "LOGICAL_AGGREGATE_AND_GROUP_BY") || rows.path("grouping_sets").size() > 1) {
      return ordered.containsAll(upTo(expressions.size()));
    }
    Set<Integer> grouped =
        ordered.stream().map(column -> index(expressions.path(column))).collect(Collectors.toSet());
    return grouped.containsAll(upTo(rows.path("groups").size()));
  }

  private static Set<Integer> upTo(int size) {
    return IntStream.range(0, size).boxed().collect(Collectors.toSet());
  }

  /** The column that an expression is; -1 when it is more than that. */
  private static int index(JsonNode expression) {
    return expression.path("expression_class").asString("").equals("BOUND_REF")
        ? expression.path("index").asInt()
        : -1;
  }

  /** Past a projection that only leaves out columns. */
  private static JsonNode belowChoice(JsonNode node) {
    boolean chooses =
        is(node, "LOGICAL_PROJECTION")
            && node.path("expressions").valueStream().allMatch(one -> index(one) >= 0);
    return chooses ? child(node) : node;
  }

  private static boolean is(JsonNode node, String operator) {
    return node.path("type").asString("").equals(operator);
  }

  private static JsonNode child(JsonNode node) {
    return node.path("children").path(0);
  }
}
