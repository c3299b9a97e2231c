package dev.ingot.configuration;

import dev.ingot.fault.StartupFailure;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** The file that {@code ingot.config} names, as it was last read without a mistake. */
@Component
public class ConfigurationFile {

  private static final Logger log = LoggerFactory.getLogger(ConfigurationFile.class);

  private final Optional<Path> file;
  private final Map<String, String> environment;

  /** Who reads later has read something newer. */
  private final ReentrantLock reading = new ReentrantLock();

  private volatile Declared declared = Declared.NONE;

  /**
   * @throws StartupFailure when there is anything wrong with it
   */
  ConfigurationFile(ConfigurationSettings settings) {
    file = settings.file();
    environment = System.getenv();
    file.ifPresent(this::readFirst);
  }

  private void readFirst(Path path) {
    if (take(path) instanceof Reading.Wrong wrong) {
      throw new StartupFailure(
          "The file %s, which ingot.config names, can't be taken:\n%s"
              .formatted(path, wrong.text()),
          "Mend it; 'java -jar ingot.jar config check %s' says whether it is right"
              .formatted(path));
    }
  }

  /** Whether there is one. */
  public boolean isThere() {
    return file.isPresent();
  }

  /** Without its folder; empty when there is none. */
  public String name() {
    return file.map(path -> String.valueOf(path.getFileName())).orElse("");
  }

  public Declared declared() {
    return declared;
  }

  /**
   * Reads it again. One that is wrong changes nothing, and is logged.
   *
   * @return whether it was taken
   */
  public boolean readAgain() {
    if (file.isEmpty()) {
      return false;
    }
    Path path = file.get();
    return switch (take(path)) {
      case Reading.Right right -> {
        log.info("{} is read again: {}", path, right.declared().summary());
        yield true;
      }
      case Reading.Wrong wrong -> {
        log.error("{} can't be taken, and what it said before stays:\n{}", path, wrong.text());
        yield false;
      }
    };
  }

  private Reading take(Path path) {
    reading.lock();
    try {
      Reading read = ConfigurationReader.read(path, environment);
      if (read instanceof Reading.Right right) {
        declared = right.declared();
        right.leftOut().forEach(one -> log.error("{} is not acted on: {}", path, one.text()));
      }
      return read;
    } finally {
      reading.unlock();
    }
  }
}
