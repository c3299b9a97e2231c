package dev.ingot.engine.duckdb;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A DuckDB file and the log beside it.
 *
 * <p>DuckDB's own checkpoint comes in the middle of a commit, and one that finds no room leaves the
 * open database unusable. So it is switched off with {@link #NO_CHECKPOINTS}, and done between
 * commits, when there is room.
 */
public record DuckDbFile(Path path) {

  public static final String NO_CHECKPOINTS = "SET GLOBAL wal_autocheckpoint='1TB'";

  /** As DuckDB's own default. */
  private static final long LOG_BYTES = 16L * 1024 * 1024;

  /** What a checkpoint may need beside what stands in the log. */
  private static final long MARGIN_BYTES = 2L * 1024 * 1024;

  /** Whether the log is long enough for a checkpoint. */
  public boolean wantsCheckpoint() {
    return logBytes() > LOG_BYTES;
  }

  /** Whether the disk has room for a checkpoint. */
  public boolean hasRoomForCheckpoint() {
    try {
      return Files.getFileStore(path).getUsableSpace() > 2 * logBytes() + MARGIN_BYTES;
    } catch (IOException e) {
      throw new UncheckedIOException("Can't look at the disk of " + path, e);
    }
  }

  private long logBytes() {
    // Zero when there is none.
    return path.resolveSibling(path.getFileName() + ".wal").toFile().length();
  }
}
