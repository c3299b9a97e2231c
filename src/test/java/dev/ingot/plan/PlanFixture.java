package dev.ingot.plan;

import dev.ingot.compile.CompiledTarget;
import dev.ingot.compile.CompiledTarget.Source;
import dev.ingot.compile.CompiledTarget.TablePath;
import dev.ingot.engine.TableName;
import dev.ingot.manifest.Generation;
import dev.ingot.manifest.ManifestEntry;
import dev.ingot.manifest.ManifestVersion;
import dev.ingot.plan.PlannedTarget.Action;
import dev.ingot.plan.Selection.Freshness;
import dev.ingot.project.PackageKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Targets that are called as their sources and their tables are, the version that they were last
 * published in, and what is known of the tables. The BuildID of target {@code a} is {@code a#1}
 * until its SQL changes; {@code g-a} is its generation.
 */
final class PlanFixture {

  static final PackageKey KEY = PackageKey.of("p", "k");
  static final String HERE = "/packages/k";

  private static final Instant BUILT = Instant.parse("2026-01-01T00:00:00Z");

  private final Map<String, CompiledTarget> targets = new LinkedHashMap<>();
  private final List<ManifestEntry> published = new ArrayList<>();
  private final List<Generation> unpublished = new ArrayList<>();
  private final Set<String> tables = new HashSet<>();

  static TableName table(String name) {
    return new TableName("main", name);
  }

  private static String id(String target) {
    return target.contains("#") ? target : target + "#1";
  }

  private static String source(String target) {
    return target.split("#", 2)[0];
  }

  /** A target of today, with the targets that it reads, which are there already. */
  PlanFixture target(String target, String... reads) {
    var source =
        new Source(
            source(target),
            source(target),
            "a.malloy",
            1,
            1,
            null,
            new TablePath(List.of(source(target)), null));
    targets.put(
        source(target),
        new CompiledTarget(
            id(target),
            "duckdb",
            "duckdb",
            "sql of " + id(target),
            Stream.of(reads).map(read -> get(read).buildId()).toList(),
            false,
            List.of(source)));
    return this;
  }

  /** What the current version has, with the generations that it was built from. */
  PlanFixture published(String target, String... inputs) {
    published.add(entry(generation("g-" + source(target), id(target), HERE, 0, inputs)));
    tables.add("g-" + source(target));
    return this;
  }

  /** The same, but built over another folder. */
  PlanFixture publishedElsewhere(String target) {
    published.add(entry(generation("g-" + source(target), id(target), "/packages/old", 0)));
    tables.add("g-" + source(target));
    return this;
  }

  /** What a run finished that never published it, some seconds after what is published. */
  PlanFixture unpublished(String id, int seconds, String target, String... inputs) {
    unpublished.add(generation(id, id(target), HERE, seconds, inputs));
    tables.add(id);
    return this;
  }

  /** Its table is gone from the database. */
  PlanFixture gone(String id) {
    tables.remove(id);
    return this;
  }

  private static Generation generation(
      String id, String buildId, String origin, int seconds, String... inputs) {
    String name = source(buildId);
    return new Generation(
        id,
        KEY,
        new Generation.Target(buildId, "duckdb", table(name), "sql of " + buildId),
        table(name + "__" + id),
        new Generation.Source("run", Set.of(inputs), origin),
        new Generation.Built(BUILT.plusSeconds(seconds), 1, Map.of()));
  }

  private static ManifestEntry entry(Generation generation) {
    return new ManifestEntry(
        generation, generation.declared(), List.of(source(generation.buildId())));
  }

  List<CompiledTarget> ordered() {
    return TargetOrder.of(List.copyOf(targets.values()));
  }

  CompiledTarget get(String target) {
    CompiledTarget found = targets.get(target);
    if (found == null) {
      throw new IllegalArgumentException(target);
    }
    return found;
  }

  static TableName declared(CompiledTarget target) {
    return table(target.sourceNames().getFirst());
  }

  Candidates candidates() {
    Optional<ManifestVersion> base =
        published.isEmpty()
            ? Optional.empty()
            : Optional.of(
                new ManifestVersion(
                    KEY, 1, new ManifestVersion.Cause.Run("run"), BUILT, published));
    return new Candidates(
        generation -> generation.origin().equals(HERE),
        generation -> List.copyOf(generation.data().values()),
        asked -> {
          var there = new HashSet<>(tables);
          there.retainAll(asked.stream().map(Generation::id).toList());
          return there;
        },
        base,
        unpublished);
  }

  Scope scope(boolean force, String... sources) {
    return new Scope(
        ordered(), PlanFixture::declared, new Selection(List.of(sources), force, Freshness.CHECK));
  }

  /** What a plan of everything, or of these sources, does: {@code a: BUILD NEW}, in order. */
  List<String> decide(boolean force, String... sources) {
    return decisions(force, sources).decide(ordered()).stream().map(PlanFixture::say).toList();
  }

  /** The names of the entries that a plan of these sources carries over. */
  List<String> carried(boolean force, String... sources) {
    Decisions decisions = decisions(force, sources);
    List<PlannedTarget> planned = decisions.decide(ordered());
    return decisions.earlier(planned).carried(PlanFixture.reused(planned)).stream()
        .map(entry -> entry.declared().name())
        .toList();
  }

  private static Set<String> reused(List<PlannedTarget> planned) {
    var ids = new HashSet<String>();
    for (PlannedTarget target : planned) {
      if (target.action() instanceof Action.Reuse(Generation generation, Reason reason)) {
        ids.add(generation.id());
      }
    }
    return ids;
  }

  private Decisions decisions(boolean force, String... sources) {
    return new Decisions(scope(force, sources), PlanFixture::declared, candidates());
  }

  private static String say(PlannedTarget planned) {
    String name = planned.declared().name();
    return switch (planned.action()) {
      case Action.Build(Reason reason, Generation replaces, var changed) ->
          "%s: build %s%s".formatted(name, reason, replaces == null ? "" : " for " + replaces.id());
      case Action.Reuse(Generation generation, Reason reason) ->
          "%s: reuse %s %s".formatted(name, generation.id(), reason);
      case Action.Leave(Reason reason) -> "%s: leave %s".formatted(name, reason);
    };
  }
}
