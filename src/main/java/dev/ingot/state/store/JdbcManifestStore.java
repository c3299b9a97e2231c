package dev.ingot.state.store;

import dev.ingot.engine.Engines;
import dev.ingot.engine.TableName;
import dev.ingot.manifest.Generation;
import dev.ingot.manifest.ManifestEntry;
import dev.ingot.manifest.ManifestStore;
import dev.ingot.manifest.ManifestVersion;
import dev.ingot.project.PackageKey;
import dev.ingot.project.ProjectName;
import dev.ingot.state.ControlState;
import dev.ingot.state.ControlStates;
import dev.ingot.state.PackageLock;
import dev.ingot.state.Recent;
import dev.ingot.state.Session;
import dev.ingot.state.VersionEntries.EntryRow;
import dev.ingot.state.store.VersionRows.VersionRow;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.stereotype.Repository;

/**
 * Generations, versions and views where the state of their project lies, but for views that are
 * this server's own. What versions have in them is read outside of transactions: it may lie in a
 * lake.
 */
@Repository
class JdbcManifestStore implements ManifestStore {

  /** As many versions of a package are usually retained, and one that follows. */
  private static final int KNOWN = 3;

  private final ControlStates states;

  /**
   * A package's versions as they were read last. What one has in it never changes, so only its row
   * is looked at again; each plan, run and clean-up asks for versions, and reading them takes
   * longer than the rest of a plan.
   */
  private final Recent<PackageKey, List<Read>> versions = new Recent<>();

  JdbcManifestStore(ControlStates states) {
    this.states = states;
  }

  @Override
  public Optional<ManifestVersion> current(PackageKey key) {
    return read(key, session -> VersionRows.current(session, key)).stream().findFirst();
  }

  @Override
  public Optional<ManifestVersion> version(PackageKey key, long number) {
    return read(key, session -> VersionRows.numbered(session, key, number)).stream().findFirst();
  }

  @Override
  public long currentNumber(PackageKey key) {
    return states.of(key).read(session -> CurrentRows.number(session, key));
  }

  @Override
  public List<ManifestVersion> versions(PackageKey key) {
    return read(key, session -> VersionRows.all(session, key));
  }

  /**
   * A version as it was read.
   *
   * @param whole whether all that it has in it was there
   */
  private record Read(VersionRow row, ManifestVersion version, boolean whole) {}

  private List<ManifestVersion> read(PackageKey key, Function<Session, List<VersionRow>> which) {
    List<VersionRow> rows = states.of(key).read(which);
    List<Read> known = versions.find(key).orElse(List.of());
    List<Read> found = rows.stream().flatMap(row -> of(row, known).stream()).toList();
    if (found.size() == rows.size()) {
      return found.stream().map(Read::version).toList();
    }
    List<Read> read = read(key, which, rows);
    versions.put(
        key,
        Stream.concat(
                read.stream().filter(Read::whole),
                known.stream().filter(one -> of(one.row(), read).isEmpty()))
            .limit(KNOWN)
            .toList());
    return read.stream().map(Read::version).toList();
  }

  private static Optional<Read> of(VersionRow row, List<Read> all) {
    return all.stream().filter(one -> one.row().equals(row)).findFirst();
  }

  /**
   * @param first what {@code which} gave just now
   */
  private List<Read> read(
      PackageKey key, Function<Session, List<VersionRow>> which, List<VersionRow> first) {
    ControlState state = states.of(key);
    List<VersionRow> rows = first;
    while (true) {
      var contents = new HashMap<String, List<EntryRow>>();
      rows.forEach(row ->
          contents.computeIfAbsent(row.content(), content -> state.entries().read(key, content)));
      Set<String> ids =
          contents.values().stream()
              .flatMap(List::stream)
              .map(EntryRow::generation)
              .collect(Collectors.toSet());
      Map<String, Generation> generations =
          state.read(session -> GenerationRows.byId(session, key, ids));
      boolean whole =
          generations.size() == ids.size()
              && contents.entrySet().stream()
                  .noneMatch(one -> one.getValue().isEmpty() && !one.getKey().isEmpty());
      List<VersionRow> now = whole ? rows : state.read(which);
      if (now.equals(rows)) {
        return rows.stream()
            .map(row -> new Read(row, version(key, row, contents, generations), whole))
            .toList();
      }
      // One was replaced and forgotten while it was read.
      rows = now;
    }
  }

  private static ManifestVersion version(
      PackageKey key,
      VersionRow row,
      Map<String, List<EntryRow>> contents,
      Map<String, Generation> generations) {
    return new ManifestVersion(
        key,
        row.number(),
        row.cause(),
        row.publishedAt(),
        entries(contents.getOrDefault(row.content(), List.of()), generations));
  }

  private static List<ManifestEntry> entries(
      List<EntryRow> rows, Map<String, Generation> generations) {
    return rows.stream()
        .map(row ->
            new ManifestEntry(
                Objects.requireNonNull(generations.get(row.generation()), row::generation),
                row.declared(),
                row.sourceNames()))
        .toList();
  }

  @Override
  public void forgetVersions(PackageKey key, Collection<Long> numbers) {
    ControlState state = states.of(key);
    // What is written from now on belongs to a run that may publish it.
    Set<String> written = state.entries().contents(key);
    Set<String> unused =
        state.locked(
            key,
            lock -> {
              VersionRows.remove(lock, numbers);
              return unused(lock, written);
            });
    state.entries().forget(key, unused);
  }

  /** Contents that no version shows, and that no run is about to publish. */
  private static Set<String> unused(PackageLock lock, Set<String> written) {
    var unused = new HashSet<>(written);
    unused.removeAll(VersionRows.contents(lock.session(), lock.key()));
    ClaimRows.holder(lock.session(), lock.key()).ifPresent(holder -> unused.remove(holder.runId()));
    return unused;
  }

  @Override
  public void intend(Collection<Generation> generations) {
    generations.stream()
        .findFirst()
        .ifPresent(first ->
            states.of(first.key()).change(session -> GenerationRows.insert(session, generations)));
  }

  @Override
  public void forget(Generation generation) {
    states.of(generation.key()).change(session -> GenerationRows.remove(session, generation.id()));
  }

  @Override
  public List<Generation> unpublished(PackageKey key, Set<String> published, Instant since) {
    return states
        .of(key)
        .read(session -> GenerationRows.unpublished(session, key, published, since));
  }

  @Override
  public List<Generation> unfinished() {
    return states.local().read(GenerationRows::unfinished);
  }

  @Override
  public List<Generation> generations(PackageKey key) {
    return states.of(key).read(session -> GenerationRows.all(session, key));
  }

  @Override
  public List<Generation> condemn(PackageKey key, Instant before, Set<String> held) {
    ControlState state = states.of(key);
    var known = new HashMap<String, List<EntryRow>>();
    Optional<List<Generation>> condemned;
    do {
      state
          .read(session -> VersionRows.contents(session, key))
          .forEach(content -> known.computeIfAbsent(content, id -> state.entries().read(key, id)));
      condemned = state.locked(key, lock -> condemn(lock, before, held, known));
    } while (condemned.isEmpty());
    return condemned.get();
  }

  /**
   * @param known what the versions have in them
   * @return empty when there is a version of which that isn't known
   */
  private static Optional<List<Generation>> condemn(
      PackageLock lock, Instant before, Set<String> held, Map<String, List<EntryRow>> known) {
    // A run of another server may be about to take up what seems to be of no use.
    if (ClaimRows.isBusyElsewhere(lock)) {
      return Optional.of(List.of());
    }
    Set<String> contents = VersionRows.contents(lock.session(), lock.key());
    if (!known.keySet().containsAll(contents)) {
      return Optional.empty();
    }
    var needed = new HashSet<>(held);
    known.values().forEach(rows -> rows.forEach(row -> needed.add(row.generation())));
    List<Generation> condemned =
        GenerationRows.superseded(lock, before).stream()
            .filter(generation -> !needed.contains(generation.id()))
            .toList();
    GenerationRows.condemn(lock, condemned);
    return Optional.of(condemned);
  }

  @Override
  public Set<PackageKey> packages() {
    return states
        .local()
        .read(session -> {
          var packages = new HashSet<>(GenerationRows.packages(session));
          packages.addAll(ViewRows.packages(session));
          return packages;
        });
  }

  @Override
  public Set<PackageKey> packages(ProjectName project) {
    return states.of(project).read(session -> GenerationRows.packages(session, project));
  }

  @Override
  public Set<TableName> views(PackageKey key, String connection) {
    return viewsOn(key, connection).read(session -> ViewRows.find(session, key, connection));
  }

  @Override
  public void intendViews(PackageKey key, String connection, Collection<TableName> views) {
    if (!views.isEmpty()) {
      viewsOn(key, connection).change(session -> ViewRows.insert(session, key, connection, views));
    }
  }

  @Override
  public void forgetViews(PackageKey key, String connection, Collection<TableName> views) {
    if (!views.isEmpty()) {
      viewsOn(key, connection)
          .change(
              session -> views.forEach(view -> ViewRows.remove(session, key, connection, view)));
    }
  }

  /** Those in a package's own database are this server's; all servers see those on the others. */
  private ControlState viewsOn(PackageKey key, String connection) {
    return connection.equals(Engines.DUCKDB) ? states.local() : states.of(key);
  }
}
