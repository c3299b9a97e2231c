package dev.ingot.api;

import dev.ingot.api.Resources.ProjectResource;
import dev.ingot.engine.PackageDatabases;
import dev.ingot.project.PackageKey;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the server says about itself and the others. */
final class StatusResources {

  private StatusResources() {}

  @Schema(name = "Status", description = "What the server is doing")
  record Status(
      Instant timestamp,
      boolean initialized,
      String operationalState,
      boolean frozenConfig,
      List<ProjectResource> projects,
      @Schema(
              description =
                  "By project: the servers that are alive; only this one while a shared project's catalog can't be reached")
          Map<String, List<WorkerResource>> workers,
      @Schema(
              description =
                  "Statements on this server that were cancelled and can't be interrupted. A package that has too many of them answers 503 until one has ended")
          List<StuckResource> stuck,
      String version) {}

  @Schema(name = "StuckStatement")
  record StuckResource(
      String projectName,
      String packageName,
      @Schema(description = "`query`, or the table that it builds") String what,
      @Schema(description = "Since it began") long seconds) {

    static List<StuckResource> of(Map<PackageKey, List<PackageDatabases.Stuck>> stuck) {
      return stuck.entrySet().stream()
          .flatMap(of -> of.getValue().stream().map(one -> of(of.getKey(), one)))
          .sorted(Comparator.comparingLong(StuckResource::seconds).reversed())
          .toList();
    }

    private static StuckResource of(PackageKey key, PackageDatabases.Stuck one) {
      return new StuckResource(
          key.project().value(), key.name().value(), one.what(), one.age().toSeconds());
    }
  }

  @Schema(name = "Worker", description = "A server that works on a project")
  record WorkerResource(
      @Schema(description = "Another one after each start") String id,
      @Schema(description = "The setting ingot.worker-name") String name,
      @Schema(description = "Ingot's") String version,
      Instant startedAt,
      Instant seenAt,
      @Schema(description = "Whether it is the one that answers") boolean self,
      List<ServedResource> packages) {}

  @Schema(name = "ServedPackage")
  record ServedResource(
      String packageName,
      @Schema(description = "Manifest version that answers queries; 0 before the first")
          long version) {}

  @Schema(name = "Setting", description = "A setting of the server")
  record SettingResource(
      @Schema(description = "As it is set", example = "ingot.query.timeout") String name,
      @Schema(description = "Null for none", example = "30s") @Nullable String value,
      @Schema(description = "Whether somebody has set it; else it is the default") boolean given) {}

  @Schema(name = "Health")
  record Health(@Schema(example = "UP") String status) {}

  @Schema(name = "Readiness")
  record Readiness(@Schema(example = "UP") String status, ReadinessDetails details) {}

  @Schema(name = "ReadinessDetails")
  record ReadinessDetails(
      @Schema(
              description =
                  "Of each shared project, by its name. While one is DOWN, what is served is still served, and builds can't be started")
          Map<String, CatalogResource> catalogs) {}

  @Schema(name = "CatalogState")
  record CatalogResource(
      @Schema(allowableValues = {"UP", "DOWN"}) String status,
      @Schema(description = "Why it is DOWN") @Nullable String reason) {}
}
