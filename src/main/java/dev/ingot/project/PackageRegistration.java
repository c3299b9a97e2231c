package dev.ingot.project;

import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A package as it was registered.
 *
 * @param location the text that the caller gave
 * @param folder the real path behind it, without symbolic links, when it was last followed
 * @param description overrides the one of {@code publisher.json}
 * @param strict a query whose persist sources have no table is refused instead of answered live
 */
public record PackageRegistration(
    PackageKey key,
    String location,
    Path folder,
    @Nullable String description,
    boolean strict,
    Instant createdAt) {

  public PackageRegistration withLocation(String newLocation, Path newFolder) {
    return new PackageRegistration(key, newLocation, newFolder, description, strict, createdAt);
  }

  public PackageRegistration withStrict(boolean newStrict) {
    return new PackageRegistration(key, location, folder, description, newStrict, createdAt);
  }

  public PackageRegistration withDescription(@Nullable String newDescription) {
    return new PackageRegistration(key, location, folder, newDescription, strict, createdAt);
  }
}
