package dev.ingot.body;

import dev.ingot.body.AttachedRequests.DuckDbRequest;
import dev.ingot.project.ConnectionKey;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;
import org.jspecify.annotations.Nullable;

/** A connection that is to be created. */
@Schema(name = "ConnectionRequest")
public record ConnectionRequest(
    @Schema(
            requiredMode = RequiredMode.REQUIRED,
            description =
                "As models name it; duckdb is every package's own, and another one of type duckdb is another name for it",
            example = "warehouse",
            pattern = ConnectionKey.PATTERN)
        @Nullable String name,
    @Schema(
            requiredMode = RequiredMode.REQUIRED,
            allowableValues = {"duckdb", "postgres"})
        @Nullable String type,
    @Schema(description = "For type postgres") @Nullable PostgresRequest postgresConnection,
    @Schema(description = "For type duckdb") @Nullable DuckDbRequest duckdbConnection) {}
