package dev.ingot.engine.duckdb;

import dev.ingot.engine.Engine.EngineException;
import dev.ingot.engine.elsewhere.ElsewhereState;
import dev.ingot.project.PackageFolder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/** What tells whether the data that a package's SQL reads is as it was, wherever it lies. */
final class DataStates implements AutoCloseable {

  /** Building it then says whether it can be read. */
  private static final String UNTOLD = "it can't be told whether it changed: ";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final DuckDbDatabase database;
  private final DataFileStates files;
  private final ElsewhereStates elsewhere;
  private final PackageSql sql;

  DataStates(DuckDbDatabase database, DataFileViews dataFiles, PackageSql sql) {
    this.database = database;
    this.sql = sql;
    files = new DataFileStates(database, dataFiles::folder);
    elsewhere = new ElsewhereStates(database);
  }

  /** Where an attached database led. */
  record Led(String identity) {}

  /**
   * @throws EngineException when what is read elsewhere can't be looked at
   */
  Map<String, String> of(String select) {
    var states = new TreeMap<String, String>(files.of(select));
    ReadsElsewhere reads = sql.elsewhere(select);
    Grants grants = database.hardening().grants();
    for (String url : reads.urls()) {
      if (grants.of(url).isPresent()) {
        states.put(url, JSON.writeValueAsString(elsewhere.of(url)));
      }
    }
    reads
        .qualifiers()
        .forEach(name ->
            grants
                .database(name)
                .ifPresent(
                    one -> states.put(name, JSON.writeValueAsString(new Led(one.identity())))));
    return states;
  }

  /** Nothing cheap tells what changed in an attached database, nor on some sites. */
  boolean tell(String select) {
    Grants grants = database.hardening().grants();
    try {
      ReadsElsewhere reads = sql.elsewhere(select);
      return reads.qualifiers().stream().noneMatch(name -> grants.database(name).isPresent())
          && reads.urls().stream()
              .filter(url -> grants.of(url).isPresent())
              .allMatch(elsewhere::tells);
    } catch (EngineException e) {
      // It can't be run at all, which its build says.
      return false;
    }
  }

  /** What is otherwise now than it was recorded, in plain words. */
  Optional<String> change(String name, String recorded) {
    if (ReadsElsewhere.isUrl(name)) {
      return elsewhereChange(name, JSON.readValue(recorded, ElsewhereState[].class));
    }
    if (PackageFolder.isDataFile(name)) {
      return files.change(name, recorded);
    }
    String before = JSON.readValue(recorded, Led.class).identity();
    return database
            .hardening()
            .grants()
            .database(name)
            .filter(now -> now.identity().equals(before))
            .isPresent()
        ? Optional.empty()
        : Optional.of("the attached database '%s' leads elsewhere".formatted(name));
  }

  private Optional<String> elsewhereChange(String url, ElsewhereState[] recorded) {
    if (database.hardening().grants().of(url).isEmpty()) {
      return Optional.of(url + " is not granted any more");
    }
    try {
      return ElsewhereStates.change(List.of(recorded), elsewhere.of(url));
    } catch (EngineException e) {
      return Optional.of(UNTOLD + e.detail());
    }
  }

  /** Others may be granted. */
  void reopened() {
    elsewhere.keepOnly(database.hardening().grants().all());
  }

  @Override
  public void close() {
    elsewhere.close();
  }
}
