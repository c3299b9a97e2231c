package dev.ingot.api;

import dev.ingot.api.Resources.ProjectResource;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
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
      String version) {}

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
