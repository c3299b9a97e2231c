package dev.ingot.engine.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.project.Home;
import dev.ingot.project.HomeSettings;
import dev.ingot.testing.TestExtensions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DuckDbExtensionsTest {

  @TempDir Path folder;

  @Test
  void anExtensionThatWasFetchedOnceNeedsItsRepositoryNoMore() throws SQLException, IOException {
    load(TestExtensions.repository().map(Path::toString).orElse(null));

    load(Files.createDirectories(folder.resolve("empty")).toString());

    assertThat(folder.resolve("home/extensions")).isNotEmptyDirectory();
  }

  @Test
  void anExtensionThatCantBeHadIsAFaultThatSaysWhatMendsIt() throws IOException {
    String empty = Files.createDirectories(folder.resolve("empty")).toString();

    assertThatThrownBy(() -> load(empty))
        .asInstanceOf(type(Fault.class))
        .satisfies(fault -> assertThat(fault.code()).isEqualTo(FaultCode.EXTENSION_UNAVAILABLE))
        .satisfies(fault ->
            assertThat(fault.detail())
                .contains("httpfs", empty, "ingot.duckdb.extension-repository"));
  }

  private void load(@Nullable String repository) throws SQLException {
    var home = new Home(new HomeSettings(folder.resolve("home").toString(), List.of()));
    var extensions = new DuckDbExtensions(home, new ExtensionSettings(repository));
    try (var connection = DriverManager.getConnection("jdbc:duckdb:")) {
      extensions.load(connection, "httpfs");
    }
  }
}
