package dev.ingot.state.lake;

import dev.ingot.engine.duckdb.DuckDbExtensions;
import dev.ingot.engine.duckdb.Lake;
import dev.ingot.project.BucketAccess;
import dev.ingot.project.MaterializationStorage;
import dev.ingot.state.KnownEntries;
import dev.ingot.state.VersionEntries;
import java.util.Optional;

/** The lake of one shared project; attached on the first use. */
public final class SharedLake implements AutoCloseable {

  private final LakeInstance instance;
  private final LakeEntries lakeEntries;
  private final VersionEntries entries;
  private final Lake files;

  /**
   * @param access to the storage's bucket, if it has one
   * @param sessions what the catalog's database calls this server's
   */
  public SharedLake(
      MaterializationStorage storage,
      Optional<BucketAccess> access,
      DuckDbExtensions extensions,
      String sessions) {
    instance = new LakeInstance(storage, access, extensions, sessions);
    lakeEntries = new LakeEntries(instance);
    entries = new KnownEntries(lakeEntries);
    files = new LakeFiles(instance);
  }

  /**
   * Attaches it and makes what is missing in it. Only while no other server does: several at once
   * fail.
   *
   * @throws dev.ingot.fault.Fault CATALOG_UNAVAILABLE, STORAGE_REFUSED, EXTENSION_UNAVAILABLE
   */
  public void prepare() {
    instance.attach();
    lakeEntries.prepare();
  }

  /** What the project's manifest versions have in them. */
  public VersionEntries entries() {
    return entries;
  }

  /** The generations' files as its tables. */
  public Lake files() {
    return files;
  }

  /** Detaches it for good. */
  @Override
  public void close() {
    instance.close();
  }
}
