package dev.ingot.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
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
    MessageDigest sha256;
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
    new TreeMap<>(tables)
        .forEach((buildId, table) -> {
          sha256.update(buildId.getBytes(UTF_8));
          sha256.update(table.getBytes(UTF_8));
          // BuildIDs have no zero byte, nor has a table's name.
          sha256.update((byte) 0);
        });
    return new CompilerManifest(Map.copyOf(tables), HexFormat.of().formatHex(sha256.digest()));
  }
}
