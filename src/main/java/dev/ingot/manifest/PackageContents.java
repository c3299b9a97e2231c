package dev.ingot.manifest;

import dev.ingot.compile.MalloyCompiler;
import dev.ingot.engine.Engines;
import dev.ingot.engine.PackageDatabases;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.project.PackageFolder;
import dev.ingot.project.PackageKey;
import dev.ingot.project.PackageRegistration;
import dev.ingot.project.PackageSnapshot;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/**
 * Reads packages from their folders. The newest content of each package is kept, so that reading an
 * unchanged folder again compiles nothing.
 */
@Component
public class PackageContents {

  /** How long queries may go on before a package moves. */
  private static final Duration READERS = Duration.ofSeconds(10);

  private final ConcurrentHashMap<PackageKey, LoadedPackage> newest = new ConcurrentHashMap<>();
  private final PackageFolder folder;
  private final Engines engines;
  private final PackageDatabases databases;
  private final MalloyCompiler compiler;

  PackageContents(
      PackageFolder folder, Engines engines, PackageDatabases databases, MalloyCompiler compiler) {
    this.folder = folder;
    this.engines = engines;
    this.databases = databases;
    this.compiler = compiler;
  }

  /**
   * @throws dev.ingot.fault.Fault INVALID_PACKAGE, CONNECTION_FAILED
   */
  public LoadedPackage read(PackageRegistration registration) {
    PackageSnapshot snapshot = folder.read(registration);
    String id = LoadedPackage.contentId(snapshot, engines.connections(snapshot));
    return newest.compute(
        registration.key(),
        (key, known) ->
            known != null && known.id().equals(id) && !known.failed()
                ? known
                : new LoadedPackage(snapshot, engines, compiler));
  }

  /**
   * Reads a folder without keeping anything of it.
   *
   * @throws dev.ingot.fault.Fault INVALID_PACKAGE
   */
  public void check(PackageRegistration registration) {
    folder.read(registration);
  }

  /** The hash of what lies in the folder now. */
  public String folderHash(PackageRegistration registration) {
    return folder.read(registration).hash();
  }

  /**
   * Opens a package's database over another folder, for what is served too.
   *
   * @throws Fault INVALID_PACKAGE, PACKAGE_BUSY; nothing is changed then
   */
  void readFrom(PackageRegistration registration) {
    databases.readFrom(folder.read(registration));
  }

  /** False when something still runs on the package's database after {@link #READERS}. */
  boolean awaitIdle(PackageKey key) {
    return databases.awaitIdle(key, READERS);
  }

  /**
   * The same for who can't do without.
   *
   * @throws Fault PACKAGE_BUSY when something still does after {@link #READERS}
   */
  void requireIdle(PackageKey key) {
    if (!awaitIdle(key)) {
      throw new Fault(
          FaultCode.PACKAGE_BUSY,
          "Queries of the package are still running after %d s; try again when they have ended"
              .formatted(READERS.toSeconds()));
    }
  }

  /** Forgets a package and closes its database. */
  void unload(PackageKey key) {
    newest.remove(key);
    databases.close(key);
  }

  /** Lets the compiler forget a content that is neither served nor the newest. */
  void release(LoadedPackage content) {
    if (newest.get(content.snapshot().key()) != content) {
      compiler.release(content.id());
    }
  }
}
