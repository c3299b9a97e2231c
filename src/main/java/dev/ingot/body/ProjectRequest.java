package dev.ingot.body;

import dev.ingot.project.ProjectName;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
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
        @Nullable StorageField materializationStorage) {}
