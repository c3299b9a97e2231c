package dev.ingot.project;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.springframework.stereotype.Component;

/** Certificates as files, for drivers that read them from there. */
@Component
public class Certificates {

  private final Home home;

  public Certificates(Home home) {
    this.home = home;
  }

  /**
   * @param certificate as PEM
   */
  public Path file(String certificate) {
    Path folder = home.scratch("certificates");
    var hash = new Sha256();
    hash.add(certificate);
    Path file = folder.resolve(hash.hex() + ".pem");
    try {
      if (!Files.exists(file)) {
        Path unfinished = Files.createTempFile(folder, "certificate", ".new");
        Files.writeString(unfinished, certificate);
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException("Can't write " + file, e);
    }
  }
}
