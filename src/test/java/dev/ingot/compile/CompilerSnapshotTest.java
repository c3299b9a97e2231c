package dev.ingot.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.project.Home;
import dev.ingot.project.HomeSettings;
import dev.ingot.threads.Tasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.SynchronousQueue;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.json.JsonMapper;

/** Compiler processes that begin where another has got to. */
@Timeout(60)
class CompilerSnapshotTest {

  /** Whatever is to be done later is done at once. */
  private static final class Now implements Tasks {
    @Override
    public void start(String name, Runnable work) {
      work.run();
    }

    @Override
    public void startAfter(Duration wait, String name, Runnable work) {
      work.run();
    }
  }

  @TempDir private Path folder;
  private final SidecarThreads threads = new SidecarThreads();
  private Home home;

  @BeforeEach
  void makeHome() {
    home = new Home(new HomeSettings(folder.resolve("home").toString(), List.of()));
  }

  @AfterEach
  void stop() {
    threads.destroy();
  }

  private NodeRuntime runtime(int heap) {
    var settings =
        new CompilerSettings(
            Duration.ofMinutes(1),
            Duration.ofMinutes(1),
            Duration.ofMinutes(1),
            DataSize.ofMegabytes(heap),
            2,
            true);
    return new NodeRuntime(System.getProperty("ingot.node", "node"), settings, home, new Now());
  }

  private List<Path> snapshots() throws IOException {
    try (Stream<Path> files = Files.list(home.scratch("sidecar"))) {
      return files.filter(file -> !file.endsWith("compiler.cjs")).toList();
    }
  }

  /** What it answers, once it is ready. */
  private String version(NodeRuntime runtime) throws Exception {
    var surroundings =
        new SidecarProcess.Surroundings(JsonMapper.builder().build(), threads, System::nanoTime);
    var ready = new SynchronousQueue<SidecarProcess>();
    new SidecarBoot(runtime, Duration.ofSeconds(20), surroundings)
        .start(process -> {
          try {
            ready.put(process);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    try (SidecarProcess process = ready.take()) {
      return process
          .request("ping", Map.of(), Duration.ofSeconds(20), (method, params) -> params)
          .path("malloyVersion")
          .asString();
    }
  }

  @Test
  void aProcessBeginsFromItAndAnswers() throws Exception {
    NodeRuntime runtime = runtime(256);
    runtime.makeSnapshot();
    assertThat(snapshots()).singleElement().satisfies(file -> assertThat(file).isNotEmptyFile());

    Process process = runtime.start();
    process.destroyForcibly();
    assertThat(process.info().commandLine().orElse("--snapshot-blob")).contains("--snapshot-blob");
    assertThat(version(runtime)).isNotEmpty();
    assertThat(snapshots()).hasSize(1);
  }

  @Test
  void whatOtherOptionsMadeIsNotTaken() throws Exception {
    runtime(256).makeSnapshot();
    List<Path> first = snapshots();

    NodeRuntime other = runtime(300);
    assertThat(version(other)).isNotEmpty();
    other.makeSnapshot();

    assertThat(snapshots()).hasSize(1).doesNotContainAnyElementsOf(first);
    assertThat(version(other)).isNotEmpty();
  }

  @Test
  void oneThatIsCutOffIsDroppedAndTheProcessBeginsAnew() throws Exception {
    byte[] half = beginsAnewFromOneThatIs(sound -> Arrays.copyOf(sound, sound.length / 2));

    assertThat(Files.size(snapshots().getFirst())).isGreaterThan(half.length);
  }

  @Test
  void oneOfZerosIsDroppedToo() throws Exception {
    byte[] _ = beginsAnewFromOneThatIs(sound -> new byte[sound.length]);
  }

  private byte[] beginsAnewFromOneThatIs(UnaryOperator<byte[]> damaged) throws Exception {
    NodeRuntime runtime = runtime(256);
    runtime.makeSnapshot();
    Path snapshot = snapshots().getFirst();
    byte[] bytes = damaged.apply(Files.readAllBytes(snapshot));
    Files.write(snapshot, bytes);

    assertThat(version(runtime)).isNotEmpty();
    // It was made again meanwhile.
    assertThat(snapshots()).singleElement().satisfies(file -> assertThat(file).isNotEmptyFile());
    assertThat(Files.readAllBytes(snapshot)).isNotEqualTo(bytes);
    assertThat(version(runtime)).isNotEmpty();
    return bytes;
  }

  @Test
  void whatAKilledServerWasWritingGoes() throws Exception {
    Files.writeString(home.scratch("sidecar").resolve("compiler1.tmp"), "half");

    runtime(256);

    assertThat(snapshots()).isEmpty();
  }

  @Test
  void aServerThatStopsMakesNone() throws Exception {
    NodeRuntime runtime = runtime(256);
    runtime.destroy();

    runtime.makeSnapshot();

    assertThat(snapshots()).isEmpty();
  }
}
