package dev.ingot.manifest;

import dev.ingot.project.Sha256;
import java.util.Map;
import java.util.TreeMap;

/**
 * The tables that the compiler may read instead of computing their sources.
 *
 * @param tables BuildID to physical table
 * @param digest equal for the same tables, whichever version they are of
 */
public record CompilerManifest(Map<String, String> tables, String digest) {

  static CompilerManifest of(Map<String, String> tables) {
    var digest = new Sha256();
    new TreeMap<>(tables).forEach(digest::add);
    return new CompilerManifest(Map.copyOf(tables), digest.hex());
  }
}
