package dev.ingot.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Types the README's commands into a shell. */
public final class ReadmeShell {

  private static final String NEXT = "@@@ next @@@";

  private final Path folder;
  private final Map<String, String> places;

  /**
   * @param places what stands in the README for a server, such as {@code localhost:4000}, and where
   *     it is
   */
  public ReadmeShell(Path folder, Map<String, String> places) {
    this.folder = folder;
    this.places = places;
  }

  /** All commands in one shell, so that variables last; each prints what the README says. */
  public void follow(List<Readme.Step> steps) throws IOException, InterruptedException {
    List<String> outputs = run(steps.stream().map(Readme.Step::command).toList());
    assertThat(outputs).hasSameSizeAs(steps);
    for (int i = 0; i < steps.size(); i++) {
      assertThat(stable(outputs.get(i)))
          .as(steps.get(i).command())
          .isEqualTo(stable(steps.get(i).output()));
    }
  }

  /** What each of the commands prints. */
  public List<String> run(List<String> commands) throws IOException, InterruptedException {
    // A line between them parts the outputs.
    String script = String.join("\necho '" + NEXT + "'\n", commands);
    for (Map.Entry<String, String> place : places.entrySet()) {
      script = script.replace(place.getKey(), place.getValue());
    }
    Process shell =
        new ProcessBuilder("bash", "-c", script)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String output = new String(shell.getInputStream().readAllBytes(), UTF_8);
    shell.waitFor();
    return List.of(output.split(NEXT + "\n", -1));
  }

  /** What differs from run to run is told by its shape. */
  private static String stable(String output) {
    return output.strip().replaceAll("__[0-9a-f]{12}\\b", "__<generation>");
  }
}
