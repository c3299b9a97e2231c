package dev.ingot.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.command.BuildArguments.MisusedException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BuildArgumentsTest {

  private static BuildArguments parse(String line) throws MisusedException {
    return BuildArguments.parse(List.of(line.split(" ")));
  }

  @Test
  void aFolderIsEnough() throws MisusedException {
    BuildArguments asked = parse("models/orders");

    assertThat(asked.folder()).isEqualTo(Path.of("models/orders"));
    assertThat(asked.packageName()).isEqualTo("orders");
    assertThat(asked.project()).isEqualTo("default");
    assertThat(asked.sources()).isEmpty();
    assertThat(asked.plan()).isFalse();
  }

  @Test
  void allElseIsAnOption() throws MisusedException {
    BuildArguments asked =
        parse(
            "--plan --sources a,b --force --server http://h:4000/ --key-file k --project p --package q .");

    assertThat(asked.plan()).isTrue();
    assertThat(asked.force()).isTrue();
    assertThat(asked.sources()).containsExactly("a", "b");
    assertThat(asked.server()).hasToString("http://h:4000");
    assertThat(asked.keyFile()).isEqualTo(Path.of("k"));
    assertThat(asked.project()).isEqualTo("p");
    assertThat(asked.packageName()).isEqualTo("q");
  }

  @Test
  void theFolderThatOneIsInHasAName() throws MisusedException {
    assertThat(parse(".").packageName())
        .isEqualTo(String.valueOf(Path.of("").toAbsolutePath().getFileName()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--plan | name the folder of one package",
        "a b | name the folder of one package",
        "a --nope | there is no option --nope",
        "a --sources | --sources needs a value",
        "a --home --plan | --home needs a value",
        "a --home h --server http://x | exclude each other",
        "a --server ftp://x | is no URL",
        "a --server x | is no URL",
        "a --server http:// | is no URL",
      })
  void whatIsSaidWronglyIsTold(String line, String why) {
    assertThatThrownBy(() -> parse(line))
        .isInstanceOf(MisusedException.class)
        .hasMessageContaining(why);
  }
}
