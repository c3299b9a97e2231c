package dev.ingot.state.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.project.CatalogUrl;
import dev.ingot.project.LeaseSettings;
import dev.ingot.testing.NoTelemetry;
import dev.ingot.testing.TestPostgres;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CatalogDatabaseTest {

  private static final LeaseSettings LEASE =
      new LeaseSettings(Duration.ofSeconds(10), Duration.ofSeconds(2), false);

  @Test
  void anotherDatabasesErrorIsNotTakenForTheCatalogs() {
    var fault =
        new Fault(
            FaultCode.EXTENSION_UNAVAILABLE, "no extension", new SQLException("without a state"));
    CatalogUrl url = CatalogUrl.parse(TestPostgres.database().url(), null);
    try (var catalog =
        new CatalogDatabase(
            new CatalogConnections(url, "test"), LEASE, "test", NoTelemetry.get().meters())) {
      assertThatThrownBy(() ->
              catalog.write(() -> {
                throw fault;
              }))
          .isSameAs(fault);
      assertThat(catalog.<Integer>write(() -> 1)).isEqualTo(1);
    }
  }
}
