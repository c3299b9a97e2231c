package dev.ingot.project;

import java.nio.file.Path;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where Ingot keeps its state and where packages may lie.
 *
 * @param home Ingot's own folder, created when missing
 * @param packageRoots folders that a package may lie in
 */
@ConfigurationProperties("ingot")
public record HomeSettings(
    @DefaultValue(".ingot") String home, @DefaultValue(".") List<String> packageRoots) {

  // Texts, because Spring would look for a Path among the web application's resources first.

  /** Absolute, from the working directory. */
  public Path homeFolder() {
    return absolute(home);
  }

  /** Absolute, from the working directory. */
  public List<Path> rootFolders() {
    return packageRoots.stream().map(HomeSettings::absolute).toList();
  }

  private static Path absolute(String path) {
    return Path.of(path).toAbsolutePath().normalize();
  }
}
