package dev.ingot.plan;

import dev.ingot.compile.CompiledTarget;
import dev.ingot.engine.TableName;
import dev.ingot.fault.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which targets a selection is about: those it names and all that depends on them. It covers what
 * these need, too, and grows with what has to be built: a version never has a table together with
 * one that was built from the table's predecessor.
 */
final class Scope {

  private final Map<String, CompiledTarget> byId = new HashMap<>();
  private final List<CompiledTarget> ordered;
  private final Dependants dependants;
  private final Selection selection;
  private final List<Problem> problems = new ArrayList<>();
  private final Set<String> selected = new HashSet<>();
  private final Set<String> covered = new HashSet<>();

  /** Those that declare what is named. */
  private final Set<String> models = new HashSet<>();

  /**
   * @param names the declared ones, as far as there are any
   */
  Scope(
      List<CompiledTarget> ordered,
      Function<CompiledTarget, @Nullable TableName> names,
      Selection selection) {
    this.ordered = ordered;
    dependants = new Dependants(ordered);
    this.selection = selection;
    ordered.forEach(target -> byId.put(target.buildId(), target));
    if (selection.isEverything()) {
      selected.addAll(byId.keySet());
      covered.addAll(byId.keySet());
      return;
    }
    for (String source : selection.sources()) {
      select(source, names);
    }
    selected.forEach(this::coverWithNeeds);
  }

  private void select(String name, Function<CompiledTarget, @Nullable TableName> names) {
    List<CompiledTarget> found =
        those(target -> target.sourceNames().contains(name) || isTable(names.apply(target), name));
    if (found.isEmpty()) {
      // Only then: without its schema a table's name may be another source's.
      found =
          those(
              target -> target.sources().stream().anyMatch(one -> name.equals(one.declaredName())));
    }
    for (CompiledTarget target : found) {
      boolean byName = target.sourceNames().contains(name);
      target.sources().stream()
          .filter(one -> !byName || one.name().equals(name))
          .forEach(one -> models.add(one.model()));
      selected.add(target.buildId());
      selected.addAll(dependants.of(target.buildId()));
    }
    if (found.isEmpty()) {
      var known = new TreeSet<String>();
      ordered.forEach(target -> known.addAll(target.sourceNames()));
      problems.add(
          Problem.error(
              "unknown_source",
              "No persist source is called '%s'; there are %s"
                  .formatted(name, String.join(", ", known.stream().limit(20).toList()))));
    }
  }

  private List<CompiledTarget> those(Predicate<CompiledTarget> meant) {
    return ordered.stream().filter(meant).toList();
  }

  private static boolean isTable(@Nullable TableName declared, String name) {
    return declared != null && declared.toString().equals(name);
  }

  List<Problem> problems() {
    return problems;
  }

  /** The models that declare the named sources; none where everything is selected. */
  Set<String> models() {
    return models;
  }

  /** True when it is built even where a table could be reused. */
  boolean isForced(CompiledTarget target) {
    return selection.forceRefresh() && selected.contains(target.buildId());
  }

  boolean covers(CompiledTarget target) {
    return covered.contains(target.buildId());
  }

  boolean isEverything() {
    return selection.isEverything();
  }

  /** Takes in what depends on a target that is built; false when that was covered already. */
  boolean growFrom(CompiledTarget built) {
    boolean grown = false;
    for (String dependant : dependants.of(built.buildId())) {
      grown |= coverWithNeeds(dependant);
    }
    return grown;
  }

  private boolean coverWithNeeds(String buildId) {
    CompiledTarget target = byId.get(buildId);
    if (target == null || !covered.add(buildId)) {
      return false;
    }
    target.dependsOn().forEach(this::coverWithNeeds);
    return true;
  }
}
