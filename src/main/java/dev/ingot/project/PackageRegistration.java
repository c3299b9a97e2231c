package dev.ingot.project;

import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A package as it was registered.
 *
 * @param location the text that the caller gave
 * @param folder the real path behind it, without symbolic links
 * @param description overrides the one of {@code publisher.json}
 */
public record PackageRegistration(
    PackageKey key, String location, Path folder, @Nullable String description, Instant createdAt) {

  public PackageRegistration withLocation(String newLocation, Path newFolder) {
    return new PackageRegistration(key, newLocation, newFolder, description, createdAt);
  }

  public PackageRegistration withDescription(@Nullable String newDescription) {
    return new PackageRegistration(key, location, folder, newDescription, createdAt);
  }
}
