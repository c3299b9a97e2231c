package dev.ingot.project;

import dev.ingot.fault.StartupFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;

/** Ingot's own folder: the state file, the packages' databases, the sample. */
@Component
public class Home {

  private static final String MEND = "Name a folder that can be written to with ingot.home";

  private final Path root;

  public Home(HomeSettings settings) {
    try {
      root = Files.createDirectories(settings.homeFolder()).toRealPath();
    } catch (IOException e) {
      throw new StartupFailure(
          "Ingot's home %s can't be created".formatted(settings.homeFolder()), MEND, e);
    }
    if (!Files.isWritable(root)) {
      throw new StartupFailure("Ingot's home %s can't be written to".formatted(root), MEND);
    }
  }

  public Path root() {
    return root;
  }

  public Path stateFile() {
    return root.resolve("state.duckdb");
  }

  /** The key of the secrets in the state, unless a setting has it. */
  public Path secretKeyFile() {
    return root.resolve("secret.key");
  }

  /** Packages that lie in the home; always a package root. */
  public Path packages() {
    return root.resolve("packages");
  }

  /** The folder of a package's database file, created when missing. */
  public Path database(PackageKey key) {
    return create(databases().resolve(key.project().value()).resolve(key.name().value()));
  }

  /** Whether there is a file of a package's database, or of what was one. */
  public boolean hasDatabases() {
    if (!Files.exists(databases())) {
      return false;
    }
    try (Stream<Path> files = Files.walk(databases())) {
      return files.anyMatch(Files::isRegularFile);
    } catch (IOException e) {
      throw new UncheckedIOException("Can't read " + databases(), e);
    }
  }

  /**
   * The packages with a database file.
   *
   * @param file its name, the same for all
   */
  public Set<PackageKey> databases(String file) {
    if (!Files.exists(databases())) {
      return Set.of();
    }
    try (Stream<Path> files = Files.walk(databases())) {
      return files
          .filter(path -> path.endsWith(file))
          .map(path -> databases().relativize(path))
          .filter(path -> path.getNameCount() == 3)
          .map(path -> PackageKey.of(path.getName(0).toString(), path.getName(1).toString()))
          .collect(Collectors.toSet());
    } catch (IOException e) {
      throw new UncheckedIOException("Can't read " + databases(), e);
    }
  }

  private Path databases() {
    return root.resolve("databases");
  }

  /** Deletes a package's database, which has nothing in it any more. */
  public void deleteDatabase(PackageKey key) {
    try {
      FileSystemUtils.deleteRecursively(database(key));
    } catch (IOException e) {
      throw new UncheckedIOException("Can't delete the database of " + key, e);
    }
  }

  /** Files that Ingot may lose at any time: the unpacked sidecar, spilled queries. */
  public Path scratch(String name) {
    return create(root.resolve("tmp").resolve(name));
  }

  private static Path create(Path folder) {
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("Can't create " + folder, e);
    }
  }
}
