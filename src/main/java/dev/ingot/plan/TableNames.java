package dev.ingot.plan;

import dev.ingot.compile.CompiledTarget;
import dev.ingot.engine.Engine;
import dev.ingot.engine.TableName;
import dev.ingot.fault.Fault;
import dev.ingot.fault.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Gives each target the table name that it declares, and collects everything that is wrong with the
 * names. Explicit names win; without one the first declaring source's name is taken.
 */
final class TableNames {

  private final Function<String, Engine> engines;
  private final Function<String, Set<TableName>> views;
  private final Unreachable unreachable;
  private final List<Problem> problems = new ArrayList<>();
  private final Map<String, TableName> byBuildId = new LinkedHashMap<>();

  /** By connection; two of them may lead to one. */
  private final Map<String, String> databases = new HashMap<>();

  /** Database and folded name to the target that has it. */
  private final Map<List<Object>, CompiledTarget> taken = new HashMap<>();

  /**
   * @param engines of connections by their names; a {@link Fault} where there is none
   * @param views those that are on record for a connection as Ingot's own
   */
  TableNames(
      Function<String, Engine> engines,
      Function<String, Set<TableName>> views,
      Unreachable unreachable) {
    this.engines = engines;
    this.views = views;
    this.unreachable = unreachable;
  }

  List<Problem> problems() {
    return problems;
  }

  /** The declared name; null when a problem says why there is none. */
  @Nullable TableName of(CompiledTarget target) {
    return byBuildId.get(target.buildId());
  }

  void resolve(List<CompiledTarget> targets) {
    targets.forEach(this::resolve);
    refuseOccupied(targets);
  }

  private void resolve(CompiledTarget target) {
    Engine engine;
    try {
      engine = engines.apply(target.connectionName());
    } catch (Fault unknown) {
      report("unknown_connection", target.sources().getFirst(), unknown.detail());
      return;
    }
    var names = new LinkedHashMap<TableName, CompiledTarget.Source>();
    boolean explicit = target.sources().stream().anyMatch(s -> s.declaredName() != null);
    for (CompiledTarget.Source source : target.sources()) {
      if (!explicit || source.declaredName() != null) {
        TableName name = name(engine, source);
        if (name == null) {
          return;
        }
        names.putIfAbsent(name, source);
      }
    }
    var firstName = names.sequencedEntrySet().getFirst();
    boolean differ = names.keySet().stream().map(TableName::folded).distinct().count() > 1;
    if (explicit && differ) {
      report(
          "conflicting_names",
          names.sequencedValues().getLast(),
          "the same table is declared under different names (%s): sources with the same SQL are one table, so give it one name"
              .formatted(names.keySet()));
      return;
    }
    claim(target, engine, firstName.getKey(), firstName.getValue());
  }

  private @Nullable TableName name(Engine engine, CompiledTarget.Source source) {
    String problem = source.path().problem();
    List<String> segments = source.path().segments();
    if (problem != null || segments == null) {
      report("invalid_name", source, "its table name is not valid: " + problem);
      return null;
    }
    try {
      TableName name = engine.resolve(segments);
      var objection = engine.objection(name);
      if (objection.isPresent()) {
        report(
            "invalid_name",
            source,
            "the table name %s can't be used: %s".formatted(name, objection.get()));
        return null;
      }
      return name;
    } catch (Engine.EngineException e) {
      report("invalid_name", source, "its table name is not valid: " + e.detail());
      return null;
    }
  }

  private void claim(
      CompiledTarget target, Engine engine, TableName name, CompiledTarget.Source source) {
    String database =
        databases.computeIfAbsent(target.connectionName(), connection -> engine.databaseId());
    CompiledTarget other = taken.putIfAbsent(List.of(database, name.folded()), target);
    if (other != null) {
      report(
          "duplicate_table",
          source,
          "the table %s is declared by %s too, which has other SQL: give one of them another name"
              .formatted(name, other.sourceNames()));
      return;
    }
    byBuildId.put(target.buildId(), name);
  }

  /** A name under which something lies that Ingot didn't make is never touched. */
  private void refuseOccupied(List<CompiledTarget> targets) {
    var byConnection = new HashMap<String, Set<TableName>>();
    for (CompiledTarget target : targets) {
      TableName name = of(target);
      if (name != null) {
        byConnection.computeIfAbsent(target.connectionName(), c -> new HashSet<>()).add(name);
      }
    }
    byConnection.forEach((connection, names) -> {
      Set<TableName> foreign =
          unreachable.ask(connection, () -> foreign(connection, names), Set.of());
      for (CompiledTarget target : targets) {
        TableName name = of(target);
        if (target.connectionName().equals(connection) && name != null && foreign.contains(name)) {
          report(
              "name_occupied",
              target.sources().getFirst(),
              "the name %s is taken by a table or view that Ingot did not make: choose another name or move it away"
                  .formatted(name));
        }
      }
    });
  }

  private Set<TableName> foreign(String connection, Set<TableName> names) {
    Engine engine = engines.apply(connection);
    var foreign = new HashSet<>(engine.occupied(names));
    Set<TableName> existing = engine.existing(unrecorded(connection, names));
    // Looked for again, since a run that cleans up may have recorded and made views meanwhile.
    foreign.addAll(unrecorded(connection, existing));
    return foreign;
  }

  /** Those that Ingot made no view under. */
  private Set<TableName> unrecorded(String connection, Set<TableName> names) {
    if (names.isEmpty()) {
      return names;
    }
    var recorded = new HashSet<TableName>();
    views.apply(connection).forEach(view -> recorded.add(view.folded()));
    var unrecorded = new HashSet<>(names);
    unrecorded.removeIf(name -> recorded.contains(name.folded()));
    return unrecorded;
  }

  private void report(String code, CompiledTarget.Source source, String what) {
    problems.add(
        Problem.error(
            code,
            "Source '%s': %s".formatted(source.name(), what),
            source.model(),
            source.line(),
            source.column()));
  }
}
