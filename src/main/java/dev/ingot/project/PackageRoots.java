package dev.ingot.project;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;

/**
 * Decides where a package may lie: under one of the configured roots, or under the home's packages
 * folder, and never so that Ingot's home could be read as a package. Symbolic links are followed
 * before anything is decided.
 */
@Component
class PackageRoots {

  private final HomeSettings settings;
  private final Home home;

  PackageRoots(HomeSettings settings, Home home) {
    this.settings = settings;
    this.home = home;
  }

  /**
   * The real folder behind a location; relative ones start at the working directory.
   *
   * @throws Fault INVALID_LOCATION
   */
  Path resolve(String location) {
    if (location.isBlank()) {
      throw refuse("'location' is empty: name the package's folder");
    }
    if (PackageLocation.isUrl(location)) {
      throw refuse(
          "'%s' is a remote location: copy the package to a folder under %s and give its path"
              .formatted(location, rootsText()));
    }
    Path folder = real(location);
    boolean inHomePackages = isBelow(folder, home.packages());
    if (!inHomePackages && (folder.startsWith(home.root()) || home.root().startsWith(folder))) {
      throw refuse(
          "'%s' is Ingot's home, contains it or lies in it: keep packages apart from it"
              .formatted(location));
    }
    if (!inHomePackages && realRoots().stream().noneMatch(folder::startsWith)) {
      throw refuse(
          "'%s' lies outside the package roots (%s): move it there or add its folder to ingot.package-roots"
              .formatted(location, rootsText()));
    }
    return folder;
  }

  /**
   * The real folder that a registered location leads to now: links may have been set to others.
   *
   * @throws Fault INVALID_LOCATION
   */
  Path follow(PackageRegistration known) {
    Path written = Path.of(known.location());
    if (!written.isAbsolute() && Files.notExists(written)) {
      // It was registered from another working directory.
      return known.folder();
    }
    Path folder = real(known.location());
    return folder.equals(known.folder()) ? folder : resolve(known.location());
  }

  private static Path real(String location) {
    try {
      Path folder = Path.of(location).toAbsolutePath().toRealPath();
      if (Files.isDirectory(folder)) {
        return folder;
      }
      throw refuse("'%s' is not a folder".formatted(location));
    } catch (InvalidPathException e) {
      throw refuse("'location' is not a path: " + e.getReason());
    } catch (IOException e) {
      throw refuse("'%s' does not exist or can't be read".formatted(location));
    }
  }

  private static boolean isBelow(Path folder, Path root) {
    return folder.startsWith(root) && !folder.equals(root);
  }

  private List<Path> realRoots() {
    List<Path> roots = new ArrayList<>();
    for (Path root : settings.rootFolders()) {
      if (Files.isDirectory(root)) {
        try {
          roots.add(root.toRealPath());
        } catch (IOException e) {
          throw refuse("package root %s can't be read".formatted(root));
        }
      }
    }
    return roots;
  }

  private String rootsText() {
    return String.join(", ", settings.rootFolders().stream().map(Path::toString).toList());
  }

  private static Fault refuse(String message) {
    return new Fault(FaultCode.INVALID_LOCATION, message);
  }
}
