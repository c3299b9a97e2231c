package dev.ingot.engine.duckdb;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.project.PackageKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** A lake that is only a list of files in a mounted folder. */
final class FolderLake implements Lake {

  final List<TableFile> listed = new ArrayList<>();
  boolean broken;

  @Override
  public void register(PackageKey key, Collection<TableFile> files) {
    requireWhole();
    listed.addAll(files);
  }

  @Override
  public void delete(PackageKey key, TableFile file) {
    requireWhole();
    listed.remove(file);
    try {
      Files.deleteIfExists(Path.of(file.path()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void requireWhole() {
    if (broken) {
      throw new Fault(FaultCode.CATALOG_UNAVAILABLE, "The catalog can't be reached");
    }
  }
}
