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
    @DefaultValue(".ingot") Path home, @DefaultValue(".") List<Path> packageRoots) {

  public HomeSettings {
    home = home.toAbsolutePath().normalize();
    packageRoots = packageRoots.stream().map(root -> root.toAbsolutePath().normalize()).toList();
  }
}
