package dev.ingot.plan;

import dev.ingot.compile.CompileProgress;
import dev.ingot.compile.CompiledPackage;
import dev.ingot.compile.CompiledTarget;
import dev.ingot.engine.Cancellation;
import dev.ingot.fault.Problem;
import dev.ingot.manifest.Generation;
import dev.ingot.manifest.LoadedPackage;
import dev.ingot.manifest.ManifestStore;
import dev.ingot.manifest.ManifestVersion;
import dev.ingot.manifest.PackageLoading;
import dev.ingot.manifest.RetentionSettings;
import dev.ingot.manifest.Turn;
import dev.ingot.plan.Selection.Freshness;
import dev.ingot.project.PackageKey;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/**
 * Decides what a run does with each target, before any of it is done.
 *
 * <ol>
 *   <li>Compile every model. One that doesn't compile is left out, and the plan says so.
 *   <li>Give each target its declared name; every violation is collected, and refuses the plan. Not
 *       so where some sources are selected, and nothing of what is wrong is below them; see {@link
 *       ModelScope}.
 *   <li>In dependency order, reuse a generation only where it is proven (promise P7): its BuildID
 *       matches, its table exists, it was built from this folder, and the generations it was built
 *       from are exactly those that this plan reuses. Everything else is built; see {@link
 *       Decisions}.
 * </ol>
 */
@Component
public class Planner {

  private final PackageLoading loading;
  private final ManifestStore store;
  private final RetentionSettings retention;
  private final Clock clock;

  Planner(PackageLoading loading, ManifestStore store, RetentionSettings retention, Clock clock) {
    this.loading = loading;
    this.store = store;
    this.retention = retention;
    this.clock = clock;
  }

  /**
   * What a run would do that began now; the folder is read again.
   *
   * @throws dev.ingot.fault.Fault PACKAGE_NOT_FOUND, INVALID_PACKAGE, CONNECTION_FAILED
   */
  public Plan plan(PackageKey key, Selection selection) {
    LoadedPackage content = loading.read(key);
    return plan(content, content.compiled(), selection);
  }

  /**
   * The same in a turn of the package, in which nobody moves it.
   *
   * @param listener is told how far it is; it must not wait for anything
   * @throws Cancellation.CancelledException when it was cancelled before all was compiled
   * @throws dev.ingot.fault.Fault PACKAGE_NOT_FOUND, INVALID_PACKAGE, CONNECTION_FAILED
   */
  public Plan plan(
      Turn turn,
      Selection selection,
      Cancellation cancellation,
      Consumer<CompileProgress> listener) {
    LoadedPackage content = loading.read(turn);
    return plan(content, content.compiled(cancellation, listener), selection);
  }

  private Plan plan(LoadedPackage content, CompiledPackage compiled, Selection selection) {
    PackageKey key = content.snapshot().key();
    Optional<ManifestVersion> base = store.current(key);
    var models = new ModelScope(compiled);
    var unreachable = new Unreachable();
    Named named = name(content, models, selection, unreachable);
    if (!selection.isEverything() && named.scope().problems().isEmpty() && named.isWrong()) {
      models.limitTo(named.scope().models());
      do {
        named = name(content, models, selection, unreachable);
      } while (models.leaveOutWhereWrong(named.problems()));
    }
    var refused =
        new Plan(
            content,
            base,
            List.of(),
            Earlier.NOTHING,
            named.problems(),
            models.unplanned(),
            unreachable.why());
    if (refused.refused()) {
      return refused;
    }
    var candidates =
        new Candidates(
            content::isOver,
            new DataChanges(content, selection.freshness() == Freshness.IGNORE)::of,
            generations -> built(content, generations, unreachable),
            base,
            unpublished(key, base));
    var decisions = new Decisions(named.scope(), named.names()::of, candidates);
    List<PlannedTarget> planned = decisions.decide(named.ordered());
    return new Plan(
        content,
        base,
        planned,
        decisions.earlier(planned),
        Stream.concat(named.problems().stream(), unreachable.warnings().stream()).toList(),
        models.unplanned(),
        unreachable.why());
  }

  private static Set<String> built(
      LoadedPackage content, List<Generation> generations, Unreachable unreachable) {
    var built = new HashSet<String>();
    generations.stream()
        .collect(Collectors.groupingBy(Generation::connection))
        .forEach((connection, all) ->
            built.addAll(unreachable.ask(connection, () -> content.built(all), Set.of())));
    return built;
  }

  /** What the second step gives. */
  private record Named(
      List<CompiledTarget> ordered, TableNames names, Scope scope, List<Problem> problems) {

    boolean isWrong() {
      return problems.stream().anyMatch(Problem::isError);
    }
  }

  private Named name(
      LoadedPackage content, ModelScope models, Selection selection, Unreachable unreachable) {
    PackageKey key = content.snapshot().key();
    var problems = new ArrayList<Problem>(models.problems());
    problems.addAll(content.snapshot().manifest().warnings(content.models()));
    var names =
        new TableNames(content::engine, connection -> store.views(key, connection), unreachable);
    List<CompiledTarget> ordered = TargetOrder.of(models.targets());
    names.resolve(ordered);
    problems.addAll(names.problems());
    problems.addAll(DeclaredNameReads.warnings(content, ordered, names));
    problems.removeIf(models::isLeftOut);
    var scope = new Scope(ordered, names::of, selection);
    problems.addAll(scope.problems());
    return new Named(ordered, names, scope, problems);
  }

  private List<Generation> unpublished(PackageKey key, Optional<ManifestVersion> base) {
    Set<String> published =
        base.stream()
            .flatMap(version -> version.entries().stream())
            .map(entry -> entry.generation().id())
            .collect(Collectors.toSet());
    return store.unpublished(key, published, clock.instant().minus(retention.minAge()));
  }
}
