package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.ingot.fault.StartupFailure;
import dev.ingot.testing.Script;
import dev.ingot.testing.Server;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server without a Node.js to compile with. */
class NodeAtStartupTest {

  @Test
  void withoutNodeOrWithOneThatIsTooOldNothingStartsAndTheSettingIsNamed(@TempDir Path other)
      throws IOException {
    Path old = other.resolve("old");
    Script.write(old, "echo v18.20.4");
    Path strange = other.resolve("strange");
    Script.write(strange, "echo hello");

    StartupFailure missing = refused(other, other.resolve("nowhere"));
    StartupFailure tooOld = refused(other, old);
    StartupFailure notNode = refused(other, strange);

    assertThat(missing).hasMessageContaining("nowhere").hasMessageContaining("not found");
    assertThat(tooOld).hasMessageContaining("v18.20.4").hasMessageContaining("too old");
    assertThat(notNode).hasMessageContaining("hello");
    assertThat(Stream.of(missing, tooOld, notNode).map(StartupFailure::action))
        .allSatisfy(action -> assertThat(action).contains("ingot.node").contains("20"));
  }

  private static StartupFailure refused(Path folder, Path executable) {
    Throwable thrown =
        catchThrowable(() -> Server.start(folder, "ingot.node=" + executable).close());
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      if (at instanceof StartupFailure failure) {
        return failure;
      }
    }
    throw new AssertionError("it started, or failed in another way", thrown);
  }
}
