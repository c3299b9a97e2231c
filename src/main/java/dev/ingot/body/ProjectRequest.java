package dev.ingot.body;

import dev.ingot.project.GivenBindings;
import dev.ingot.project.ProjectName;
import dev.ingot.project.ProjectOptions;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A project that is to be created, or changed. */
@Schema(name = "ProjectRequest")
public record ProjectRequest(
    @Schema(
            requiredMode = Schema.RequiredMode.REQUIRED,
            example = "demo",
            pattern = ProjectName.PATTERN)
        @Nullable String name,
    @Schema(description = "Packages to register with it") @Nullable List<PackageRequest> packages,
    @Schema(description = "Connections to create with it")
        @Nullable List<@Nullable ConnectionRequest> connections,
    @Schema(
            implementation = StorageRequest.class,
            description = "Shares state and tables with other servers; null for a server's own")
        @Nullable StorageField materializationStorage,
    @Schema(
            description =
                "Binds givens of the models to claims of the caller's key or token: {\"ORG\": \"claim:org_id\"}. No request can set them then. Replaces what was bound; an empty object binds none")
        @Nullable Map<String, @Nullable String> givens,
    @Schema(
            description =
                "Who is told of the project's builds; replaces those that were told. An empty list: nobody")
        @Nullable List<@Nullable WebhookRequest> webhooks) {

  /**
   * What it binds; null when it doesn't speak of it.
   *
   * @throws dev.ingot.fault.Fault BAD_REQUEST
   */
  public @Nullable GivenBindings bindings() {
    return givens == null ? null : GivenBindings.parse(givens);
  }

  /**
   * What the project is to have beside its storage.
   *
   * @param known that it has; what the request doesn't speak of stays
   * @throws dev.ingot.fault.Fault BAD_REQUEST, INVALID_WEBHOOK
   */
  public ProjectOptions options(ProjectOptions known) {
    return known.with(
        bindings(), webhooks == null ? null : WebhookRequest.read(webhooks, known.webhooks()));
  }
}
