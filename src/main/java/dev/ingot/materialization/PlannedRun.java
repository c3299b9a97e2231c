package dev.ingot.materialization;

import dev.ingot.manifest.Generation;
import dev.ingot.manifest.LoadedPackage;
import dev.ingot.manifest.ManifestEntry;
import dev.ingot.plan.Plan;
import dev.ingot.plan.PlannedTarget;
import dev.ingot.plan.PlannedTarget.Action;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * What a run is to do: its plan, with a new generation for each target that it builds. Their names
 * are given before any of them is made, so what a target reads is known from the start.
 */
final class PlannedRun {

  private final Materialization run;
  private final Plan plan;
  private final Map<String, Generation> reused = new LinkedHashMap<>();
  private final Map<String, Generation> intended = new LinkedHashMap<>();

  /**
   * @param plan one that isn't refused
   */
  PlannedRun(Materialization run, Plan plan) {
    this.run = run;
    this.plan = plan;
    for (PlannedTarget target : plan.targets()) {
      switch (target.action()) {
        case Action.Reuse reuse -> reused.put(target.buildId(), reuse.generation());
        case Action.Build build -> intended.put(target.buildId(), newGeneration(target));
        case Action.Leave leave -> {}
      }
    }
  }

  private Generation newGeneration(PlannedTarget target) {
    String id = UUID.randomUUID().toString();
    String suffix = id.replace("-", "").substring(0, 12);
    var inputs = new HashSet<String>();
    for (String dependency : target.compiled().dependsOn()) {
      // In dependency order, so all that it reads have one.
      generation(dependency).ifPresent(input -> inputs.add(input.id()));
    }
    String connection = target.compiled().connectionName();
    return new Generation(
        id,
        run.key(),
        new Generation.Target(
            target.buildId(), connection, target.declared(), target.compiled().sql()),
        content().engine(connection).generationName(target.declared(), suffix),
        new Generation.Source(run.id(), inputs, content().origin(connection)),
        null);
  }

  Materialization run() {
    return run;
  }

  Plan plan() {
    return plan;
  }

  LoadedPackage content() {
    return plan.content();
  }

  /** The targets that are built, in dependency order. */
  List<PlannedTarget> builds() {
    return plan.targets().stream().filter(t -> t.action() instanceof Action.Build).toList();
  }

  /** Those that it will build, as they are before that. */
  List<Generation> intended() {
    return List.copyOf(intended.values());
  }

  /** Those that the next version takes over as they are, some only where a build fails. */
  List<Generation> takenOver() {
    Stream<ManifestEntry> earlier =
        plan.earlier().usable().stream().filter(entry -> intended.containsKey(entry.buildId()));
    return Stream.concat(
            reused.values().stream(),
            Stream.concat(plan.carried().stream(), earlier).map(ManifestEntry::generation))
        .toList();
  }

  /** The one that a target will be built into. */
  Generation intended(PlannedTarget target) {
    return Optional.ofNullable(intended.get(target.buildId()))
        .orElseThrow(() -> new IllegalStateException("not to be built: " + target.declared()));
  }

  /** The one that stands for a target in the next version, built or not; empty for one left out. */
  Optional<Generation> generation(String buildId) {
    return Optional.ofNullable(reused.get(buildId))
        .or(() -> Optional.ofNullable(intended.get(buildId)));
  }

  /** BuildID to physical table, as the compiler wants it. */
  Map<String, String> manifest() {
    var manifest = new LinkedHashMap<String, String>();
    reused.forEach((buildId, generation) -> manifest.put(buildId, generation.table().sql()));
    intended.forEach((buildId, generation) -> manifest.put(buildId, generation.table().sql()));
    return manifest;
  }
}
