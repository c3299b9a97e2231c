package dev.ingot.engine.duckdb;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.ingot.engine.Engine.EngineException;
import dev.ingot.project.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;

/**
 * What tells whether a package's data files are as they were. A file of the same size and time is;
 * of another time it is when its content's hash is the same, since a copy has a time of its own. A
 * glob stands for the files that it matches at the moment.
 */
final class DataFileStates {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int KNOWN = 10_000;

  /** Hashes, since the targets of a package read the same files. */
  private static final Cache<FileVersion, String> HASHES =
      Caffeine.newBuilder().maximumSize(KNOWN).build();

  private final DuckDbDatabase database;
  private final Supplier<Path> folder;

  DataFileStates(DuckDbDatabase database, Supplier<Path> folder) {
    this.database = database;
    this.folder = folder;
  }

  /** A file as it lies there. */
  private record FileVersion(Path path, long size, Instant time) {}

  /**
   * A file as it is recorded.
   *
   * @param path from the package's folder
   */
  record FileState(String path, long size, Instant time, String hash) {}

  /**
   * The files that a SELECT may read, by the names that are written in it. A text that happens to
   * be such a name counts, too: that costs a build, and the other way round costs the truth.
   */
  Map<String, String> of(String select) {
    var states = new TreeMap<String, String>();
    for (String name : names(select)) {
      List<FileVersion> there = there(name);
      if (!there.isEmpty()) {
        states.put(name, JSON.writeValueAsString(there.stream().map(this::state).toList()));
      }
    }
    return states;
  }

  private static Set<String> names(String select) {
    SingleSelect said = SingleSelect.of(select);
    var names = new LinkedHashSet<String>(said.literals());
    var words = new ArrayList<String>();
    for (SingleSelect.Token token : said.tokens()) {
      words.add(token.text());
      if (token.quoted()) {
        names.add(token.text());
      }
      // Malloy writes o.csv without quotes where it can.
      int last = words.size() - 1;
      if (last >= 2 && words.get(last - 1).equals(".")) {
        names.add(words.get(last - 2) + "." + words.get(last));
      }
    }
    names.removeIf(name -> !DataFileViews.isOfPackage(name));
    return names;
  }

  private List<FileVersion> there(String name) {
    Path root = folder.get();
    if (Globs.isOne(name)) {
      return glob(root + "/" + name).stream().flatMap(file -> version(file).stream()).toList();
    }
    Path file = root.resolve(name).normalize();
    return file.startsWith(root) ? version(file).stream().toList() : List.of();
  }

  private List<Path> glob(String pattern) {
    try {
      return Globs.matches(database, pattern).stream().map(Path::of).toList();
    } catch (EngineException e) {
      // What can't be listed is no file of the package: a text that looks like a pattern.
      return List.of();
    }
  }

  private static Optional<FileVersion> version(Path file) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return attributes.isRegularFile()
          ? Optional.of(
              new FileVersion(file, attributes.size(), attributes.lastModifiedTime().toInstant()))
          : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private FileState state(FileVersion version) {
    return new FileState(relative(version.path()), version.size(), version.time(), hash(version));
  }

  private String relative(Path file) {
    return folder.get().relativize(file).toString().replace('\\', '/');
  }

  private static String hash(FileVersion version) {
    return HASHES.get(version, it -> hash(it.path()));
  }

  private static String hash(Path file) {
    var digest = new Sha256();
    try {
      digest.add(file);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    return digest.hex();
  }

  private static EngineException unreadable(Path file, IOException e) {
    return new EngineException("The data file %s can't be read".formatted(file.getFileName()), e);
  }

  /** What is otherwise now than it was recorded, in plain words. */
  Optional<String> change(String name, String recorded) {
    var before = new TreeMap<String, FileState>();
    for (FileState one : JSON.readValue(recorded, FileState[].class)) {
      before.put(one.path(), one);
    }
    for (FileVersion now : there(name)) {
      String path = relative(now.path());
      FileState known = before.remove(path);
      if (known == null) {
        return Optional.of(path + " is new");
      }
      if (known.size() != now.size()) {
        return Optional.of(
            "%s has %d bytes instead of %d".formatted(path, now.size(), known.size()));
      }
      if (!known.time().equals(now.time()) && !known.hash().equals(hash(now))) {
        return Optional.of(path + " has other content");
      }
    }
    return before.isEmpty() ? Optional.empty() : Optional.of(before.firstKey() + " is gone");
  }
}
