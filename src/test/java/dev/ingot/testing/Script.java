package dev.ingot.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;

/** Programs of a line, which stand in for others. */
public final class Script {

  private Script() {}

  /** Makes a file this command, at once for whoever starts it. */
  public static void write(Path file, String command) throws IOException {
    Path fresh =
        Files.writeString(
            file.resolveSibling(file.getFileName() + ".new"), "#!/bin/sh\n" + command + "\n");
    assertThat(fresh.toFile().setExecutable(true)).isTrue();
    Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
  }

  /** The Node.js of the path. */
  public static String realNode() {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .map(entry -> Path.of(entry, "node"))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow()
        .toString();
  }
}
