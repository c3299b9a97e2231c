package dev.ingot.compile;

import dev.ingot.testing.NoTelemetry;
import dev.ingot.testing.Wait;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.json.JsonMapper;

/** A pool of {@link FakeSidecar}s, and the time by which their silence is measured. */
final class FakeSidecars implements ProcessStarter, AutoCloseable {

  static final JsonMapper JSON = JsonMapper.builder().build();

  private static final Duration LONG_SILENCE = Duration.ofSeconds(2);

  private final List<FakeSidecar> started = new CopyOnWriteArrayList<>();
  private final AtomicLong nanos = new AtomicLong();
  private final SidecarThreads threads = new SidecarThreads();
  private final Map<String, String> meanings;
  private final CompilerSettings settings;
  private final SidecarPool pool;
  private volatile boolean broken;

  /**
   * @param meanings as those of {@link FakeSidecar}
   */
  FakeSidecars(int processes, Map<String, String> meanings) {
    this.meanings = meanings;
    settings =
        new CompilerSettings(
            Duration.ofMinutes(1),
            Duration.ofMinutes(1),
            Duration.ofMinutes(1),
            DataSize.ofMegabytes(64),
            processes,
            false);
    pool = new SidecarPool(this, settings, surroundings(), NoTelemetry.get());
  }

  SidecarProcess.Surroundings surroundings() {
    return new SidecarProcess.Surroundings(JSON, threads, nanos::get);
  }

  CompilerSettings settings() {
    return settings;
  }

  SidecarPool pool() {
    return pool;
  }

  @Override
  public synchronized FakeSidecar start() throws IOException {
    if (broken) {
      throw new IOException("no such program");
    }
    var sidecar = new FakeSidecar(started.size() + 1L, meanings);
    started.add(sidecar);
    return sidecar;
  }

  /** From now on, whether none can be started. */
  void broken(boolean none) {
    broken = none;
  }

  /** The first is 1, as its process id is. */
  FakeSidecar get(int number) {
    return started.get(number - 1);
  }

  /** Those that were ever started. */
  int count() {
    return started.size();
  }

  List<FakeSidecar> alive() {
    return started.stream().filter(FakeSidecar::isAlive).toList();
  }

  /** How often something was asked of any of them. */
  long asked(String method) {
    return started.stream().flatMap(one -> one.asked().stream()).filter(method::equals).count();
  }

  void awaitAsked(int number, String method) {
    Wait.until(
        "process %d is asked to %s".formatted(number, method),
        () -> count() >= number && get(number).asked().contains(method));
  }

  /** Lets so much time go by that whoever works and says nothing is taken for stuck. */
  void letSilenceGrow() {
    letTimePass(LONG_SILENCE);
  }

  void letTimePass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Override
  public void close() {
    pool.destroy();
    threads.destroy();
  }
}
