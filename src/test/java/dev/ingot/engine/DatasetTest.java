package dev.ingot.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.project.PostgresSettings;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatasetTest {

  @ParameterizedTest
  @CsvSource({
    "s3://lake/a/b/*.csv, s3://lake, a/b/*.csv",
    "gs://lake/a?.csv, gs://lake, a?.csv",
    "https://h.example:8443/a/b.csv, https://h.example:8443, a/b.csv",
    "https://h.example/a.csv?sig=secret&x=/y, https://h.example, a.csv",
    "https://h.example/a.csv#secret, https://h.example, a.csv",
    "https://user:secret@h.example/a.csv, https://h.example, a.csv",
    "https://h.example/a@b.csv, https://h.example, a@b.csv"
  })
  void ofAUrlItIsTheServerAndThePathWithoutSecrets(String url, String namespace, String name) {
    assertThat(Dataset.ofUrl(url)).isEqualTo(new Dataset(namespace, name));
  }

  @Test
  void whatIsNoUrlIsNone() {
    assertThatThrownBy(() -> Dataset.ofUrl("data/orders.csv"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({"db.example, postgres://db.example:5433", "::1, postgres://[::1]:5433"})
  void aTableOfPostgreSqlIsNamedByItsServer(String host, String namespace) {
    var settings =
        new PostgresSettings(
            host, 5433, "shop", "somebody", "secret", null, null, null, null, Map.of());

    assertThat(Dataset.ofPostgres(settings, "mart", "orders"))
        .isEqualTo(new Dataset(namespace, "shop.mart.orders"));
  }
}
