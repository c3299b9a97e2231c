package dev.ingot.project;

import dev.ingot.fault.Problem;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Finds a package's models and data files. Hidden folders are left out, and links that lead out of
 * the package are refused. Sorted, so that a hash doesn't depend on the file system's order.
 */
final class PackageWalk extends SimpleFileVisitor<Path> {

  private final SortedMap<String, Path> models = new TreeMap<>();
  private final SortedMap<String, String> data = new TreeMap<>();
  private final Path folder;
  private final List<Problem> problems;

  PackageWalk(Path folder, List<Problem> problems) {
    this.folder = folder;
    this.problems = problems;
  }

  @Override
  public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
    boolean hidden = !dir.equals(folder) && dir.getFileName().toString().startsWith(".");
    return hidden || dir.endsWith("node_modules")
        ? FileVisitResult.SKIP_SUBTREE
        : FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
    String name = file.getFileName().toString();
    boolean model = name.endsWith(".malloy");
    boolean rows = PackageFolder.isDataFile(name) && !name.equals("publisher.json");
    if (!model && !rows) {
      return FileVisitResult.CONTINUE;
    }
    String path = folder.relativize(file).toString().replace('\\', '/');
    if (attributes.isSymbolicLink()) {
      return link(file, path, model);
    }
    add(file, path, model, attributes);
    return FileVisitResult.CONTINUE;
  }

  private FileVisitResult link(Path file, String path, boolean model) throws IOException {
    Path real = Files.exists(file) ? file.toRealPath() : file;
    if (Files.isRegularFile(real) && real.startsWith(folder)) {
      add(file, path, model, Files.readAttributes(real, BasicFileAttributes.class));
    } else if (!Files.isDirectory(real)) {
      problems.add(
          Problem.error(
              "link_outside", "is a link that leads out of the package", path, null, null));
    }
    return FileVisitResult.CONTINUE;
  }

  private void add(Path file, String path, boolean model, BasicFileAttributes attributes) {
    if (model) {
      models.put(path, file);
    } else {
      data.put(path, attributes.size() + "@" + attributes.lastModifiedTime());
    }
  }

  @Override
  public FileVisitResult visitFileFailed(Path file, IOException e) {
    problems.add(
        Problem.error(
            "unreadable", "can't be read", folder.relativize(file).toString(), null, null));
    return FileVisitResult.CONTINUE;
  }

  /** File by relative path. */
  SortedMap<String, Path> models() {
    return models;
  }

  /** Size and time of change by relative path. */
  SortedMap<String, String> data() {
    return data;
  }
}
