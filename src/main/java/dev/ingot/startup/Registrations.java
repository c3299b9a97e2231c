package dev.ingot.startup;

import dev.ingot.configuration.ConfigurationFile;
import dev.ingot.engine.Engine;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.threads.Tasks;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Creates what the file and the settings name and isn't there, and changes what differs. What is
 * there and isn't named stays. A project or package that can't be set up is logged and holds
 * nothing else back; one whose catalog doesn't answer, or of which a run is at work, is tried again
 * until it can be.
 */
@Component
public class Registrations {

  private static final Logger log = LoggerFactory.getLogger(Registrations.class);
  private static final Duration AGAIN = Duration.ofSeconds(5);
  private static final Set<FaultCode> PASSING =
      Set.of(FaultCode.CATALOG_UNAVAILABLE, FaultCode.PACKAGE_BUSY);

  private final ConfigurationFile file;
  private final FileWishes ofFile;
  private final SettingsWishes ofSettings;
  private final Tasks tasks;

  /** One at a time: two would both create what neither has found. */
  private final ReentrantLock applying = new ReentrantLock();

  /** The projects that are to be tried again. */
  private final Set<String> waiting = ConcurrentHashMap.newKeySet();

  Registrations(ConfigurationFile file, FileWishes ofFile, SettingsWishes ofSettings, Tasks tasks) {
    this.file = file;
    this.ofFile = ofFile;
    this.ofSettings = ofSettings;
    this.tasks = tasks;
  }

  /**
   * Called once, before the first request is served.
   *
   * @return whether somebody says which projects there are
   */
  public boolean apply() {
    List<Wish.OfProject> all = all();
    apply(all);
    return file.isThere() || !all.isEmpty();
  }

  /** Reads the file again and applies it; a file that is wrong changes nothing. */
  public void applyFileAgain() {
    if (file.readAgain()) {
      apply(ofFile.all());
    }
  }

  private List<Wish.OfProject> all() {
    return Stream.concat(ofFile.all().stream(), ofSettings.all().stream()).toList();
  }

  private void apply(List<Wish.OfProject> wishes) {
    applying.lock();
    try {
      wishes.forEach(this::apply);
    } finally {
      applying.unlock();
    }
  }

  private void apply(Wish.OfProject wishes) {
    if (attempt(wishes, wishes.project())) {
      wishes
          .contents()
          .forEach(wish -> {
            var _ = attempt(wishes, wish);
          });
    }
  }

  /** With what the file says by now. */
  private void applyAgain(String name) {
    if (waiting.remove(name)) {
      apply(all().stream().filter(wishes -> wishes.name().equals(name)).toList());
    }
  }

  private void tryAgain(String name) {
    if (waiting.add(name)) {
      tasks.startAfter(AGAIN, "registrations", () -> applyAgain(name));
    }
  }

  private boolean attempt(Wish.OfProject of, Wish wish) {
    try {
      wish.work().run();
      return true;
    } catch (Fault | Engine.EngineException | Engine.ClosedException e) {
      if (e instanceof Fault fault && PASSING.contains(fault.code())) {
        log.warn("{} is tried again ({}): {}", wish.what(), wish.place(), e.getMessage());
        tryAgain(of.name());
        return false;
      }
      log.error(
          "{} is not set up as {} says: {}. {}",
          wish.what(),
          wish.place(),
          e.getMessage(),
          of.mend());
      return false;
    }
  }
}
