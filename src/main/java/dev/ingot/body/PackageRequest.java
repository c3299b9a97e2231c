package dev.ingot.body;

import dev.ingot.project.PackageName;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A package that is to be registered. */
@Schema(name = "PackageRequest")
public record PackageRequest(
    @Schema(
            requiredMode = Schema.RequiredMode.REQUIRED,
            example = "flights",
            pattern = PackageName.PATTERN)
        @Nullable String name,
    @Schema(
            requiredMode = Schema.RequiredMode.REQUIRED,
            description = "A folder under one of the server's package roots",
            minLength = 1)
        @Nullable String location,
    @Nullable String description,
    @Schema(
            description =
                "A query that finds no table for one of its persist sources is refused with 409 strict_miss instead of being answered live",
            defaultValue = "false")
        @Nullable Boolean strict) {}
