package dev.ingot.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExcerptTest {

  private static final String TEXT = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";

  @Test
  void itHasTheLinesBeforeAndAfterAsFarAsThereAreSome() {
    assertThat(Excerpt.around(TEXT, 5))
        .isEqualTo(new Excerpt(2, List.of("2", "3", "4", "5", "6", "7", "8")));
    assertThat(Excerpt.around(TEXT, 1).lines()).containsExactly("1", "2", "3", "4");
    assertThat(Excerpt.around(TEXT, 9)).extracting(Excerpt::line).isEqualTo(6);
    assertThat(Excerpt.around(TEXT, 1000).lines()).containsExactly("6", "7", "8", "9");
    assertThat(Excerpt.around("", 1).lines()).isEmpty();
  }

  @Test
  void aLongLineIsCutBetweenTwoCharacters() {
    String cut = Excerpt.around("a" + "😀".repeat(500), 1).lines().getFirst();

    assertThat(cut).hasSize(300).startsWith("a😀").endsWith("😀…");
  }

  @Test
  void aProblemIsGivenItsOwnTextOrNone() {
    Map<String, String> texts = Map.of("m.malloy", TEXT);

    assertThat(Problem.error("c", "wrong", "m.malloy", 2, 1).in(texts).excerpt()).isNotNull();
    assertThat(Problem.error("c", "wrong", "other.malloy", 2, 1).in(texts).excerpt()).isNull();
    assertThat(Problem.error("c", "wrong", "m.malloy", null, null).in(texts).excerpt()).isNull();
    assertThat(Problem.error("c", "wrong").in(texts).excerpt()).isNull();
    assertThat(Problem.error("c", "wrong", "m.malloy", 2, 1).in(texts).withoutExcerpt())
        .isEqualTo(Problem.error("c", "wrong", "m.malloy", 2, 1));
  }
}
