package dev.ingot.manifest;

import dev.ingot.compile.CompilerConnection;
import dev.ingot.engine.Engine;
import dev.ingot.engine.TableName;
import dev.ingot.fault.Fault;
import dev.ingot.project.PackageKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Keeps the declared names as views over the current version's tables, for people who read the
 * database directly.
 *
 * <ol>
 *   <li>Read the current version.
 *   <li>Record the views it wants, so that a crash leaves rows that say what to look for.
 *   <li>Make and move them, and drop those that no version declares any more.
 *   <li>Read the current version again; when it moved meanwhile, start over.
 * </ol>
 */
@Component
public class DeclaredViews {

  private static final Logger log = LoggerFactory.getLogger(DeclaredViews.class);

  /**
   * What came of it.
   *
   * @param behind by connection, why its views don't follow yet
   * @param kept single views that don't, with the reason
   */
  public record Followed(Map<String, RuntimeException> behind, List<String> kept) {}

  private final ManifestStore store;

  DeclaredViews(ManifestStore store) {
    this.store = store;
  }

  /** On every connection of the package; what keeps one from following leaves the others. */
  public Followed follow(Turn turn, LoadedPackage content) {
    var behind = new LinkedHashMap<String, RuntimeException>();
    var kept = new ArrayList<String>();
    for (CompilerConnection connection : content.connections()) {
      try {
        kept.addAll(follow(turn, content, connection.name()));
      } catch (Engine.EngineException | Engine.ClosedException | Fault e) {
        log.warn(
            "The views of {} on {} don't follow yet: {}",
            turn.key(),
            connection.name(),
            e.getMessage());
        behind.put(connection.name(), e);
      }
    }
    return new Followed(behind, kept);
  }

  private List<String> follow(Turn turn, LoadedPackage content, String connection) {
    List<String> kept;
    PackageKey key = turn.key();
    long shown;
    do {
      Optional<ManifestVersion> version = store.current(key);
      shown = version.map(ManifestVersion::number).orElse(0L);
      kept =
          show(content.engine(connection), key, connection, wanted(content, version, connection));
    } while (shown != store.currentNumber(key));
    return kept;
  }

  /**
   * A table that somebody dropped has no view to make; the next run builds it again. One that only
   * some may read has none either: whoever reads the database would pass no gate.
   */
  private static Map<TableName, TableName> wanted(
      LoadedPackage content, Optional<ManifestVersion> version, String connection) {
    List<ManifestEntry> entries =
        version.stream()
            .flatMap(current -> current.entries().stream())
            .filter(entry -> entry.generation().connection().equals(connection))
            .toList();
    Set<String> built = content.built(entries.stream().map(ManifestEntry::generation).toList());
    List<ManifestEntry> there =
        entries.stream().filter(entry -> built.contains(entry.generation().id())).toList();
    content.attach(there.stream().map(ManifestEntry::generation).toList());
    var wanted = new HashMap<TableName, TableName>();
    Predicate<String> gated = GatedTables.of(content);
    there.stream()
        .filter(entry -> !gated.test(entry.buildId()))
        .forEach(entry -> wanted.put(entry.declared(), entry.generation().table()));
    return wanted;
  }

  private List<String> show(
      Engine engine, PackageKey key, String connection, Map<TableName, TableName> wanted) {
    Set<TableName> recorded = store.views(key, connection);
    var fresh = new HashSet<>(wanted.keySet());
    fresh.removeAll(recorded);
    store.intendViews(key, connection, fresh);
    var removed = new HashSet<>(recorded);
    removed.removeAll(wanted.keySet());
    Map<TableName, String> kept = engine.publishViews(wanted, removed, key.toString());
    kept.forEach(
        (name, why) -> log.warn("{} of {} on {} does not follow: {}", name, key, connection, why));
    removed.removeAll(kept.keySet());
    store.forgetViews(key, connection, removed);
    return kept.entrySet().stream()
        .map(one -> "%s on %s: %s".formatted(one.getKey(), connection, one.getValue()))
        .toList();
  }
}
