package dev.ingot.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.testing.NoTelemetry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a compiler that is lost or refuses means to whoever asked, and who is asked again. */
class SidecarCompilerTest {

  private FakeSidecars sidecars = new FakeSidecars(4, Map.of());

  /** A content of one model. */
  private record Content(String id) implements CompilerInput {

    @Override
    public List<String> models() {
      return List.of("orders.malloy");
    }

    @Override
    public Optional<List<String>> queryable() {
      return Optional.empty();
    }

    @Override
    public List<CompilerConnection> connections() {
      return List.of();
    }

    @Override
    public String readModel(String path) {
      throw new AssertionError(path);
    }

    @Override
    public List<Column> describeTable(String connection, String table) {
      throw new AssertionError(table);
    }

    @Override
    public List<Column> describeSelect(String connection, String select) {
      throw new AssertionError(select);
    }

    @Override
    public void progressed(CompileProgress progress) {
      throw new AssertionError(progress);
    }
  }

  @AfterEach
  void stop() {
    sidecars.close();
  }

  private SidecarCompiler compiler(Map<String, String> meanings) {
    sidecars.close();
    sidecars = new FakeSidecars(4, meanings);
    return new SidecarCompiler(
        sidecars.pool(), sidecars.settings(), FakeSidecars.JSON, NoTelemetry.get());
  }

  private static CheckedSource check(SidecarCompiler compiler, Content content, String text) {
    return compiler.check(content, "orders.malloy", text, false, Map.of(), Givens.NONE);
  }

  private static Fault refused(Runnable asked) {
    return catchThrowableOfType(Fault.class, asked::run);
  }

  @Test
  void modelsThatEndTheCompilerAreNotCompiledAgainUntilTheirContentIsReleased() {
    var compiler = compiler(Map.of("compileModels", "abort"));
    var content = new Content("a");

    Fault first = refused(() -> compiler.plan(content));
    Fault second = refused(() -> compiler.plan(content));
    Fault query = refused(() -> check(compiler, content, "run: x"));

    assertThat(first.code()).isEqualTo(FaultCode.COMPILER_FAILED);
    assertThat(first.detail()).contains("ran out of memory");
    assertThat(second.code()).isEqualTo(FaultCode.COMPILER_FAILED);
    assertThat(second.detail()).startsWith("This package's models stopped the compiler before");
    assertThat(query.detail()).startsWith("This package's models stopped the compiler before");
    assertThat(sidecars.asked("compileModels")).isEqualTo(1);

    assertThat(refused(() -> compiler.plan(new Content("b")))).isNotNull();
    assertThat(sidecars.asked("compileModels")).as("another content is").isEqualTo(2);
    compiler.release("a");
    assertThat(refused(() -> compiler.plan(content)).detail()).contains("ran out of memory");
    assertThat(sidecars.asked("compileModels")).isEqualTo(3);
  }

  @Test
  void aTextThatEndsTheCompilerIsSetApartAloneOnceItsModelsAreProvenSound() {
    var compiler = compiler(Map.of("plan", "echo", "checkSource", "abort"));
    var content = new Content("a");

    Fault first = refused(() -> check(compiler, content, "run: bomb"));
    Fault again = refused(() -> check(compiler, content, "run: bomb"));

    assertThat(first.code()).isEqualTo(FaultCode.TOO_COMPLEX);
    assertThat(first.detail())
        .isEqualTo(
            "The compiler ran out of memory (ingot.compiler.heap) while it worked on this text: make it simpler. All else goes on");
    assertThat(again.code()).isEqualTo(FaultCode.TOO_COMPLEX);
    assertThat(again.detail()).startsWith("This query or model stopped the compiler before");
    assertThat(sidecars.asked("checkSource")).isEqualTo(1);
    assertThat(sidecars.asked("compileModels"))
        .as("compiled before the first of its texts")
        .isEqualTo(1);

    assertThat(refused(() -> check(compiler, content, "run: other"))).isNotNull();
    assertThat(sidecars.asked("checkSource")).as("another text is asked").isEqualTo(2);
    assertThat(compiler.plan(content)).isNotNull();
  }

  @Test
  void modelsWhosePlanEndsTheCompilerAreQueriedAllTheSame() {
    var compiler = compiler(Map.of("plan", "abort", "checkSource", "checked"));
    var content = new Content("a");

    Fault first = refused(() -> compiler.plan(content));
    Fault second = refused(() -> compiler.plan(content));

    assertThat(first.code()).isEqualTo(FaultCode.COMPILER_FAILED);
    assertThat(second.detail()).startsWith("This package's models stopped the compiler before");
    assertThat(sidecars.asked("plan")).isEqualTo(1);
    assertThat(check(compiler, content, "run: x")).isNotNull();
  }

  @Test
  void theSameTextOverOtherTablesIsTheSame() {
    var compiler = compiler(Map.of("plan", "echo", "checkSource", "abort"));
    var content = new Content("a");
    Fault first = refused(() -> check(compiler, content, "run: bomb"));

    Fault again =
        refused(() ->
            compiler.check(
                content, "orders.malloy", "run: bomb", false, Map.of("id", "table"), Givens.NONE));

    assertThat(first).isNotNull();
    assertThat(again.detail()).startsWith("This query or model stopped the compiler before");
  }

  @Test
  void aCompilerThatCannotBeStartedIsNobodysFault() {
    var compiler = compiler(Map.of("plan", "echo"));
    sidecars.awaitAsked(1, "ping");
    sidecars.broken(true);
    sidecars.alive().forEach(sidecar -> sidecar.end(1));

    Fault fault = refused(() -> compiler.plan(new Content("a")));
    sidecars.broken(false);

    assertThat(fault.code()).isEqualTo(FaultCode.COMPILER_UNAVAILABLE);
    assertThat(fault.detail()).contains("no such program");
  }

  @Test
  void whatIsReleasedIsToldToTheProcessWithTheNextRequest() {
    var compiler = compiler(Map.of("plan", "echo", "release", "echo"));
    compiler.release("old");
    assertThat(sidecars.asked("release")).isZero();

    assertThat(compiler.plan(new Content("a"))).isNotNull();

    assertThat(sidecars.asked("release")).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "model,       424",
    "query,       400",
    "not_found,   404",
    "gated,       403",
    "too_large,   413",
    "else,        500",
  })
  void aRefusalBecomesTheFaultOfItsKind(String kind, int status) {
    var compiler = compiler(Map.of("buildSql", "refuse:" + kind));

    Fault fault =
        refused(() -> compiler.buildSql(new Content("a"), "orders.malloy", "id", Map.of()));

    assertThat(fault.code().status()).isEqualTo(status);
    assertThat(fault.detail()).isEqualTo("no");
  }
}
