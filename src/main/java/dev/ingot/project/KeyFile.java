package dev.ingot.project;

import dev.ingot.fault.StartupFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that an operator has put a key into. */
public final class KeyFile {

  private KeyFile() {}

  /**
   * Without the blanks around it.
   *
   * @param source the setting that names it, for the message
   * @throws StartupFailure when it can't be read
   */
  public static String read(String source, Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new StartupFailure(
          "The key of %s can't be read from %s".formatted(source, file),
          "Name a text file that this server may read",
          e);
    }
  }
}
