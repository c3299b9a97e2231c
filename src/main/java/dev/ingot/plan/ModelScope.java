package dev.ingot.plan;

import dev.ingot.compile.CompiledPackage;
import dev.ingot.compile.CompiledPackage.Model;
import dev.ingot.compile.CompiledTarget;
import dev.ingot.fault.Problem;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which models a plan is about: all of them, unless sources are selected. Those are not touched by
 * what is wrong in models that they don't stand on, so such a model is left out then, with whatever
 * imports it.
 */
final class ModelScope {

  private final CompiledPackage compiled;
  private final Set<String> needed = new HashSet<>();
  private final Set<String> leftOut = new HashSet<>();

  ModelScope(CompiledPackage compiled) {
    this.compiled = compiled;
  }

  /**
   * From now on it is about these models and their imports, and about others as far as nothing is
   * wrong there.
   */
  void limitTo(Collection<String> models) {
    needed.addAll(compiled.withImports(models));
    compiled.models().stream()
        .filter(model -> !model.planned())
        .map(Model::path)
        .forEach(this::leaveOut);
  }

  /** False when all that is wrong is wrong in what the plan is about. */
  boolean leaveOutWhereWrong(List<Problem> problems) {
    boolean any = false;
    for (Problem problem : problems) {
      String model = problem.model();
      any |= problem.isError() && model != null && leaveOut(model);
    }
    return any;
  }

  private boolean leaveOut(String model) {
    if (needed.contains(model) || !leftOut.add(model)) {
      return false;
    }
    compiled.models().stream()
        .filter(importer -> importer.imports().contains(model))
        .map(Model::path)
        .forEach(this::leaveOut);
    return true;
  }

  /** What the models have to build; first what it is about, which has the first choice of names. */
  List<CompiledTarget> targets() {
    return compiled.targets().stream()
        .map(target -> target.without(leftOut))
        .filter(target -> !target.sources().isEmpty())
        .sorted(Comparator.comparing(target -> !isNeeded(target)))
        .toList();
  }

  private boolean isNeeded(CompiledTarget target) {
    return target.sources().stream().anyMatch(source -> needed.contains(source.model()));
  }

  /** Of all models that are not left out, each once. */
  List<Problem> problems() {
    return compiled.models().stream()
        .filter(model -> !leftOut.contains(model.path()))
        .flatMap(model -> model.problems().stream())
        .filter(problem -> !isLeftOut(problem))
        .distinct()
        .toList();
  }

  boolean isLeftOut(Problem problem) {
    return problem.model() != null && leftOut.contains(problem.model());
  }

  /** What keeps models from being planned, so nobody knows what they declare. */
  List<Problem> unplanned() {
    return compiled.models().stream()
        .filter(model -> !model.planned() && !leftOut.contains(model.path()))
        .flatMap(model -> model.problems().stream())
        .filter(Problem::isError)
        .distinct()
        .toList();
  }
}
