package dev.ingot.state.store;

import dev.ingot.engine.TableName;
import dev.ingot.fault.Problem;
import dev.ingot.manifest.Generation;
import dev.ingot.manifest.ManifestEntry;
import dev.ingot.manifest.ManifestStore;
import dev.ingot.materialization.Claim;
import dev.ingot.materialization.Materialization;
import dev.ingot.materialization.MaterializationStatus;
import dev.ingot.materialization.MaterializationStore;
import dev.ingot.materialization.PublicationAnswer;
import dev.ingot.materialization.RunEnd;
import dev.ingot.materialization.RunOptions;
import dev.ingot.project.PackageKey;
import dev.ingot.state.ControlState;
import dev.ingot.state.VersionEntries.EntryRow;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The stores on one place of state, and what brings runs and generations there. */
public class Stores {

  /** What the generations were built from. */
  static final Map<String, String> DATA = Map.of("data/o.csv", "[\"as it was\"]");

  public static final PackageKey KEY = PackageKey.of("p", "orders");
  public static final Instant NOW = Instant.parse("2026-01-02T03:04:05.123456Z");

  public final ControlState control;
  public final MaterializationStore runs;
  public final ManifestStore manifests;

  public Stores(ControlState control) {
    this.control = control;
    var states = new OneState(control);
    runs = new JdbcMaterializationStore(states, List.of());
    manifests = new JdbcManifestStore(states);
  }

  public Materialization pending(PackageKey key) {
    return pending(key, NOW);
  }

  public Materialization pending(PackageKey key, Instant createdAt) {
    var run =
        Materialization.pending(UUID.randomUUID().toString(), key, RunOptions.DEFAULT, createdAt);
    runs.insert(run);
    return run;
  }

  public Materialization running(PackageKey key) {
    if (runs.claim(key, pending(key).id(), NOW) instanceof Claim.Granted(Materialization run)) {
      return run;
    }
    throw new AssertionError("not granted");
  }

  /** A run that came to this state by the edges that lead there. */
  public Materialization in(MaterializationStatus status, PackageKey key) {
    return switch (status) {
      case PENDING -> pending(key);
      case RUNNING -> running(key);
      case SUCCESS, FAILED, CANCELLED -> {
        Materialization run = running(key);
        if (!end(run, MaterializationStatus.RUNNING, status)) {
          throw new AssertionError("not ended");
        }
        yield run;
      }
    };
  }

  public boolean end(Materialization run, MaterializationStatus from, MaterializationStatus to) {
    return runs.end(run.key(), run.id(), new RunEnd(from, to, NOW, null, List.of()));
  }

  /** Publishes over what is current now; the version, or empty when it came too late. */
  public Optional<Long> publish(
      Materialization run,
      @Nullable List<ManifestEntry> entries,
      Instant at,
      List<Problem> problems) {
    long base = manifests.currentNumber(run.key());
    return switch (runs.publish(run, base, entries, at, problems)) {
      case PublicationAnswer.Done(long version) -> Optional.of(version);
      case PublicationAnswer.TooLate() -> Optional.empty();
      case PublicationAnswer.Superseded superseded -> throw new AssertionError(superseded);
    };
  }

  public MaterializationStatus status(Materialization run) {
    return runs.find(run.key(), run.id()).orElseThrow().status();
  }

  /** A built generation on record, as an entry of a version. */
  public ManifestEntry entry(Materialization run, String name) {
    return entries(run, List.of(name)).getFirst();
  }

  /** The same for many. */
  public List<ManifestEntry> entries(Materialization run, List<String> names) {
    List<Generation> intended = names.stream().map(name -> intended(run, name)).toList();
    manifests.intend(intended);
    List<Generation> built =
        intended.stream().map(one -> one.built(new Generation.Built(NOW, 7, DATA))).toList();
    runs.report(run.key(), run.id(), List.of(), built);
    return built.stream().map(Stores::entry).toList();
  }

  private static Generation intended(Materialization run, String name) {
    String id = UUID.randomUUID().toString();
    var declared = new TableName("main", name);
    return new Generation(
        id,
        run.key(),
        new Generation.Target("build-" + name, "duckdb", declared, "SELECT 1"),
        new TableName("main", name + "__" + id.substring(0, 8)),
        new Generation.Source(run.id(), Set.of(), "/somewhere"),
        null);
  }

  private static ManifestEntry entry(Generation built) {
    return new ManifestEntry(built, built.declared(), List.of(built.declared().name()));
  }

  /** The entries as a place of state keeps them. */
  public static List<EntryRow> rows(ManifestEntry entry) {
    return PublishedContent.rows(List.of(entry));
  }

  public long count(String table) {
    return control.read(
        session -> session.sql("SELECT count(*) FROM " + table).query(Long.class).single());
  }
}
