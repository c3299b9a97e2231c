package dev.ingot.query;

import dev.ingot.compile.CompiledTarget;
import dev.ingot.compile.PreparedQuery;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.fault.Problem;
import dev.ingot.manifest.LoadedPackage;
import dev.ingot.manifest.ManifestEntry;
import dev.ingot.manifest.ServedPackage;
import dev.ingot.project.PackageKey;
import dev.ingot.query.QueryAnswer.LiveRead;
import dev.ingot.query.QueryAnswer.MaterializedRead;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Which persist sources a query reads from their tables, and which it has to compute.
 *
 * @param warnings the compiler's, and tables that somebody else has dropped
 */
record ReadFacts(List<MaterializedRead> materialized, List<LiveRead> live, List<Problem> warnings) {

  static ReadFacts of(ServedPackage served, PreparedQuery prepared) {
    var materialized = new ArrayList<MaterializedRead>();
    var live = new ArrayList<LiveRead>();
    var warnings = new ArrayList<Problem>(prepared.problems());
    for (PreparedQuery.Read read : prepared.reads()) {
      String buildId = read.buildId();
      ManifestEntry entry = served.table(buildId);
      if (read.hit() && entry != null) {
        materialized.add(
            new MaterializedRead(
                entry.sourceNames().getFirst(),
                served.content().said(entry.generation().connection(), entry.declared()),
                entry.declared().toString(),
                entry.generation().table().toString(),
                buildId,
                entry.generation().builtAt()));
        continue;
      }
      String source = sourceName(served.content(), buildId);
      live.add(new LiveRead(source, served.liveReason(buildId)));
      if (entry != null && served.isMissing(buildId)) {
        warnings.add(
            Problem.warning(
                "table_missing",
                "The table %s of source '%s' is gone from the database, so it was computed live; the next run builds it again"
                    .formatted(entry.generation().table(), source)));
      }
    }
    return new ReadFacts(List.copyOf(materialized), List.copyOf(live), List.copyOf(warnings));
  }

  /** What a strict package answers instead of computing. */
  Fault strictMiss(PackageKey key) {
    String missed =
        live.stream()
            .map(read -> "'%s' (%s)".formatted(read.source(), read.reason()))
            .collect(Collectors.joining(", "));
    List<Problem> problems =
        live.stream()
            .map(read ->
                Problem.error(
                    "strict_miss",
                    "Source '%s' has no table: %s".formatted(read.source(), read.reason())))
            .toList();
    return new Fault(
        FaultCode.STRICT_MISS,
        "Package %s is strict, and no table answers for %s: run a materialization and load its manifest, or PATCH the package with strict false"
            .formatted(key, missed),
        problems);
  }

  private static String sourceName(LoadedPackage content, String buildId) {
    return content
        .compiled()
        .target(buildId)
        .map(CompiledTarget::sourceNames)
        .map(List::getFirst)
        .orElse(buildId);
  }
}
