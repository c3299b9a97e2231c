package dev.ingot.engine.duckdb;

import dev.ingot.engine.Dataset;
import dev.ingot.engine.TableName;
import dev.ingot.project.AttachedDatabase;
import dev.ingot.project.AzureAccess;
import dev.ingot.project.PostgresSettings;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What a package's tables, and what it reads, are called among all datasets. */
final class DuckDbDatasets {

  /** What DuckDB calls the database itself, after its file. */
  private static final String OWN = "package";

  private static final String ATTACHED_SCHEMA = "public";

  private final DuckDbDatabase database;
  private final DataFileViews dataFiles;

  DuckDbDatasets(DuckDbDatabase database, DataFileViews dataFiles) {
    this.database = database;
    this.dataFiles = dataFiles;
  }

  /** In a shared project the table's folder is what all servers know it by. */
  Dataset of(TableName table) {
    String name = String.join(".", table.parts());
    SharedFolder shared = database.hardening().shared();
    if (shared != null) {
      String path = shared.path() + name;
      return shared.data().isRemote() ? Dataset.ofUrl(path) : new Dataset("file", path);
    }
    return new Dataset("duckdb://" + database.file().path(), OWN + "." + name);
  }

  /**
   * @throws tools.jackson.core.exc.StreamConstraintsException when it is nested too deeply
   */
  Set<Dataset> readBy(String select) {
    NamesRead names = NamesRead.in(database, select);
    var datasets = new LinkedHashSet<Dataset>();
    names.tables().forEach(parts -> datasets.add(ofName(parts)));
    names.files().forEach(file -> datasets.add(ofFile(file)));
    return datasets;
  }

  private Dataset ofName(List<String> written) {
    String whole = String.join(".", written);
    if (ReadsElsewhere.isUrl(whole)) {
      return ofUrl(whole);
    }
    List<String> parts =
        written.size() > 1 && written.getFirst().equalsIgnoreCase(OWN)
            ? written.subList(1, written.size())
            : written;
    List<String> inMain =
        parts.size() > 1 && parts.getFirst().equalsIgnoreCase(Definitions.DEFAULT_SCHEMA)
            ? parts.subList(1, parts.size())
            : parts;
    String file = String.join(".", inMain);
    if (dataFiles.has(file)) {
      return ofFile(file);
    }
    return attached(parts)
        .orElseGet(() -> of(new TableName(inMain.size() == 1 ? in(inMain.getFirst()) : inMain)));
  }

  private static List<String> in(String table) {
    return List.of(Definitions.DEFAULT_SCHEMA, table);
  }

  private Optional<Dataset> attached(List<String> parts) {
    if (parts.size() == 1) {
      return Optional.empty();
    }
    Optional<PostgresSettings> settings =
        database.hardening().grants().database(parts.getFirst()).map(AttachedDatabase::postgres);
    String schema = parts.size() > 2 ? parts.get(1) : ATTACHED_SCHEMA;
    return settings.map(one -> Dataset.ofPostgres(one, schema, parts.getLast()));
  }

  private Dataset ofFile(String name) {
    return ReadsElsewhere.isUrl(name)
        ? ofUrl(name)
        : Dataset.ofFile(database.hardening().readable().resolve(name).normalize());
  }

  private Dataset ofUrl(String url) {
    Dataset named = Dataset.ofUrl(scheme(url) + url.substring(url.indexOf(':')));
    Optional<AzureAccess> azure =
        database.hardening().grants().of(url).map(AttachedDatabase::azure);
    // A container's name alone says nothing without its account.
    return azure
        .map(access ->
            new Dataset(
                "wasbs://%s@%s"
                    .formatted(
                        named.namespace().substring("az://".length()),
                        URI.create(access.endpoint()).getAuthority()),
                named.name()))
        .orElse(named);
  }

  private static String scheme(String url) {
    return url.substring(0, url.indexOf(':')).toLowerCase(Locale.ROOT);
  }
}
