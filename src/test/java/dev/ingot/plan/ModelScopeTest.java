package dev.ingot.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.compile.CompiledPackage;
import dev.ingot.compile.CompiledPackage.Model;
import dev.ingot.compile.CompiledTarget;
import dev.ingot.compile.CompiledTarget.Source;
import dev.ingot.compile.CompiledTarget.TablePath;
import dev.ingot.fault.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelScopeTest {

  private static final Problem BROKEN = error("broken");

  /** b imports a, c imports b, d stands alone, and two don't compile. */
  private final ModelScope models =
      new ModelScope(
          new CompiledPackage(
              List.of(
                  model("a", true),
                  model("b", true, "a"),
                  model("broken", false),
                  model("c", true, "b"),
                  model("d", true)),
              List.of(target("1", "a"), target("2", "a", "d"), target("3", "c"), target("4", "d")),
              List.of(),
              List.of()));

  private static Problem error(String model) {
    return Problem.error("code", "wrong", model, 1, 1);
  }

  private static Model model(String path, boolean planned, String... imports) {
    return new Model(
        path,
        planned,
        planned,
        true,
        List.of(imports),
        planned ? List.of() : List.of(error(path), Problem.warning("code", "odd", path, 1, 1)));
  }

  private static CompiledTarget target(String buildId, String... models) {
    List<Source> sources =
        List.of(models).stream()
            .map(model ->
                new Source("s", "s@" + model, model, 1, 1, null, new TablePath(List.of("s"), null)))
            .toList();
    return new CompiledTarget(buildId, "duckdb", "duckdb", "sql", List.of(), false, sources);
  }

  private List<String> targets() {
    return models.targets().stream().map(CompiledTarget::buildId).toList();
  }

  @Test
  void everythingIsAboutAllModels() {
    assertThat(targets()).containsExactly("1", "2", "3", "4");
    assertThat(models.problems()).hasSize(2);
    assertThat(models.unplanned()).containsExactly(BROKEN);
  }

  @Test
  void whatTheSelectedDoNotStandOnAndIsWrongIsLeftOut() {
    models.limitTo(List.of("d"));

    assertThat(models.unplanned()).isEmpty();
    assertThat(models.problems()).isEmpty();
    assertThat(targets()).as("theirs first").containsExactly("2", "4", "1", "3");
    assertThat(models.leaveOutWhereWrong(List.of(error("d"), Problem.error("code", "nowhere"))))
        .isFalse();
  }

  @Test
  void whatImportsAModelThatIsLeftOutGoesWithIt() {
    models.limitTo(List.of("d"));

    assertThat(models.leaveOutWhereWrong(List.of(error("a")))).isTrue();
    assertThat(targets()).containsExactly("2", "4");
    assertThat(models.targets().getFirst().sources()).hasSize(1);
    assertThat(models.leaveOutWhereWrong(List.of(error("a")))).isFalse();
  }

  @Test
  void whatTheSelectedImportIsNeverLeftOut() {
    models.limitTo(List.of("c"));

    assertThat(models.leaveOutWhereWrong(List.of(error("a"), error("b")))).isFalse();
    assertThat(models.leaveOutWhereWrong(List.of(error("d")))).isTrue();
    assertThat(targets()).containsExactly("1", "2", "3");
  }
}
