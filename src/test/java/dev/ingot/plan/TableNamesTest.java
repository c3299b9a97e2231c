package dev.ingot.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.compile.CompiledTarget;
import dev.ingot.compile.CompiledTarget.Source;
import dev.ingot.compile.CompiledTarget.TablePath;
import dev.ingot.engine.Engine;
import dev.ingot.engine.TableName;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.fault.Problem;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Which table each target declares, and what is wrong with it before anything is built (P6, P9).
 */
class TableNamesTest {

  private final Set<TableName> there = new HashSet<>();
  private final Set<TableName> notViews = new HashSet<>();
  private final Set<TableName> recorded = new HashSet<>();

  /** What the engine was asked to look for. */
  private final List<String> looks = new ArrayList<>();

  private final TableNames names =
      new TableNames(this::engine, connection -> recorded, new Unreachable());

  private Engine engine(String connection) {
    if (connection.equals("nowhere")) {
      throw new Fault(FaultCode.CONNECTION_NOT_FOUND, "There is no connection 'nowhere'");
    }
    return (Engine)
        Proxy.newProxyInstance(
            Engine.class.getClassLoader(),
            new Class<?>[] {Engine.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "databaseId" -> connection.equals("again") ? "duckdb" : connection;
                  case "resolve" -> resolve((List<?>) arguments[0]);
                  case "objection" -> objection((TableName) arguments[0]);
                  case "occupied" -> among(notViews, arguments[0]);
                  case "existing" -> among(there, arguments[0]);
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private static TableName resolve(List<?> segments) {
    if (segments.size() > 2) {
      throw new Engine.EngineException("too many parts", new IllegalArgumentException());
    }
    String name = String.valueOf(segments.getLast());
    return segments.size() == 2
        ? new TableName(String.valueOf(segments.getFirst()), name)
        : new TableName("main", name);
  }

  private static Optional<String> objection(TableName name) {
    return name.name().endsWith(".csv")
        ? Optional.of("DuckDB takes it for a file")
        : Optional.empty();
  }

  private Set<TableName> among(Set<TableName> known, Object asked) {
    looks.add(String.valueOf(asked));
    return ((Collection<?>) asked)
        .stream().map(TableName.class::cast).filter(known::contains).collect(Collectors.toSet());
  }

  private static Source source(String name, @Nullable String declared, String... segments) {
    return new Source(
        name, name, "orders.malloy", 3, 7, declared, new TablePath(List.of(segments), null));
  }

  private static CompiledTarget target(String id, Source... sources) {
    return on("duckdb", id, sources);
  }

  private static CompiledTarget on(String connection, String id, Source... sources) {
    return new CompiledTarget(
        id, connection, "duckdb", "select", List.of(), false, List.of(sources));
  }

  private @Nullable String resolved(CompiledTarget target) {
    names.resolve(List.of(target));
    TableName found = names.of(target);
    return found == null ? null : found.toString();
  }

  private String refusal(CompiledTarget... targets) {
    names.resolve(List.of(targets));
    assertThat(names.problems()).hasSize(1);
    Problem problem = names.problems().getFirst();
    assertThat(problem.isError()).isTrue();
    assertThat(problem.model()).isEqualTo("orders.malloy");
    assertThat(problem.line()).isEqualTo(3);
    assertThat(problem.column()).isEqualTo(7);
    return problem.code() + ": " + problem.message();
  }

  @Test
  void withoutANameItIsTheFirstSourcesOwn() {
    assertThat(resolved(target("1", source("a", null, "a"), source("b", null, "b"))))
        .isEqualTo("main.a");
    assertThat(names.problems()).isEmpty();
  }

  @Test
  void aNameThatIsSaidWinsWhereverItIsSaid() {
    assertThat(resolved(target("1", source("a", null, "a"), source("b", "s.t", "s", "t"))))
        .isEqualTo("s.t");
  }

  @Test
  void theSameNameMayBeSaidAgainInAnotherCase() {
    assertThat(resolved(target("1", source("a", "Sales", "Sales"), source("b", "sales", "sales"))))
        .isEqualTo("main.Sales");
    assertThat(names.problems()).isEmpty();
  }

  @Test
  void differentNamesForOneTableAreRefused() {
    var target = target("1", source("a", "x", "x"), source("b", "y", "y"));

    assertThat(refusal(target)).startsWith("conflicting_names: Source 'b'").contains("x", "y");
    assertThat(names.of(target)).isNull();
  }

  @Test
  void twoTargetsOfOneNameAreRefusedWithoutRegardToCase() {
    var first = target("1", source("a", "x", "x"));
    var second = target("2", source("b", "X", "X"));

    assertThat(refusal(first, second)).startsWith("duplicate_table: Source 'b'").contains("[a]");
    assertThat(names.of(first)).isNotNull();
    assertThat(names.of(second)).isNull();
  }

  @Test
  void theSameNameOnAnotherConnectionIsAnother() {
    names.resolve(
        List.of(target("1", source("a", "x", "x")), on("other", "2", source("b", "x", "x"))));

    assertThat(names.problems()).isEmpty();
  }

  @Test
  void aNameThatTheDialectOrTheEngineRejectsIsRefusedWithItsReason() {
    var dialect =
        new Source("a", "a", "orders.malloy", 3, 7, "x..y", new TablePath(null, "empty part"));

    assertThat(refusal(target("1", dialect))).startsWith("invalid_name").contains("empty part");
  }

  @Test
  void aNameThatTheEngineCannotTakeIsRefusedWithItsReason() {
    assertThat(refusal(target("1", source("a", "data.csv", "data.csv"))))
        .startsWith("invalid_name: Source 'a'")
        .contains("DuckDB takes it for a file");
  }

  @Test
  void aNameWithTooManyPartsIsRefused() {
    assertThat(refusal(target("1", source("a", "x.y.z", "x", "y", "z"))))
        .contains("its table name is not valid: too many parts");
  }

  @Test
  void aConnectionThatIsNotThereIsNamed() {
    assertThat(refusal(on("nowhere", "1", source("a", null, "a"))))
        .startsWith("unknown_connection: Source 'a'")
        .contains("nowhere");
  }

  @Test
  void whatSomebodyElseMadeUnderANameIsLeftAlone() {
    there.add(PlanFixture.table("a"));

    assertThat(refusal(target("1", source("a", null, "a")))).startsWith("name_occupied");
  }

  @Test
  void whatIsNoViewIsSomebodyElsesEvenUnderANameThatIsOnRecord() {
    there.add(PlanFixture.table("a"));
    notViews.add(PlanFixture.table("a"));
    recorded.add(PlanFixture.table("a"));

    assertThat(refusal(target("1", source("a", null, "a")))).startsWith("name_occupied");
  }

  @Test
  void aViewThatIsOnRecordIsIngotsOwn() {
    there.add(PlanFixture.table("a"));
    recorded.add(PlanFixture.table("A"));

    assertThat(resolved(target("1", source("a", null, "a")))).isEqualTo("main.a");
    assertThat(names.problems()).isEmpty();
  }

  @Test
  void everythingThatIsWrongIsToldAtOnce() {
    there.add(PlanFixture.table("taken"));

    names.resolve(
        List.of(
            target("1", source("a", "x", "x"), source("b", "y", "y")),
            target("2", source("c", "data.csv", "data.csv")),
            on("nowhere", "3", source("d", null, "d")),
            target("4", source("taken", null, "taken")),
            target("5", source("e", "E", "E")),
            target("6", source("e", "e", "e"))));

    assertThat(names.problems())
        .extracting(Problem::code)
        .containsExactlyInAnyOrder(
            "conflicting_names",
            "invalid_name",
            "unknown_connection",
            "name_occupied",
            "duplicate_table");
    assertThat(looks).as("one look at each list for all names").hasSize(2);
  }
}
