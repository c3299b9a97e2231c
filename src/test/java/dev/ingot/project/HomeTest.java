package dev.ingot.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ingot.fault.StartupFailure;
import dev.ingot.testing.Tmpfs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeTest {

  @TempDir Path folder;

  private static void refused(Path home) {
    StartupFailure failure =
        catchThrowableOfType(
            StartupFailure.class, () -> new Home(new HomeSettings(home.toString(), List.of("."))));

    assertThat(failure).hasMessageContaining(home.toString());
    assertThat(failure.action()).contains("ingot.home");
  }

  @Test
  void aHomeThatIsAFileIsRefused() throws IOException {
    refused(Files.createFile(folder.resolve("file")));
  }

  @Test
  void aHomeThatCantBeWrittenToIsRefused() throws IOException {
    try (Tmpfs disk = Tmpfs.mount(folder.toRealPath(), 1)) {
      disk.makeReadOnly();
      refused(disk.folder());
      refused(disk.folder().resolve("home"));
    }
  }
}
