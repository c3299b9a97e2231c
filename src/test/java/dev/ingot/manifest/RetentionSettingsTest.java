package dev.ingot.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.engine.TableName;
import dev.ingot.project.PackageKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which manifest versions are kept, and with them their tables. */
class RetentionSettingsTest {

  private static final PackageKey KEY = PackageKey.of("p", "k");
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private static RetentionSettings keeping(int versions) {
    return new RetentionSettings(versions, Duration.ofMinutes(15), 200, Duration.ofMinutes(1));
  }

  /** An entry for each word: the generation's id and the name of its view, {@code g1:name}. */
  private static ManifestVersion version(long number, String... entries) {
    return new ManifestVersion(
        KEY,
        number,
        new ManifestVersion.Cause.Run("run"),
        NOW,
        Stream.of(entries).map(RetentionSettingsTest::entry).toList());
  }

  private static ManifestEntry entry(String text) {
    String[] parts = text.split(":", 2);
    var name = new TableName("main", parts[1]);
    var generation =
        new Generation(
            parts[0],
            KEY,
            new Generation.Target("build of " + parts[0], "duckdb", name, "select 1"),
            new TableName("main", parts[0]),
            new Generation.Source("run", Set.of(), "/here"),
            new Generation.Built(NOW, 1, Map.of()));
    return new ManifestEntry(generation, name, List.of(parts[1]));
  }

  @Test
  void theNewestStayAndTheOthersGo() {
    List<ManifestVersion> all =
        List.of(version(4, "g4:a"), version(3, "g3:a"), version(2, "g2:a"), version(1, "g1:a"));

    assertThat(keeping(2).beyond(all)).containsExactly(2L, 1L);
    assertThat(keeping(1).beyond(all)).containsExactly(3L, 2L, 1L);
    assertThat(keeping(9).beyond(all)).isEmpty();
    assertThat(keeping(2).beyond(List.of())).isEmpty();
  }

  @Test
  void theCurrentOneStaysWhateverItSays() {
    assertThat(keeping(1).beyond(List.of(version(1)))).isEmpty();
  }

  @Test
  void versionsThatSayTheSameCountOnce() {
    List<ManifestVersion> back =
        List.of(version(4, "g1:a"), version(3, "g3:a"), version(2, "g1:a"), version(1, "g0:a"));

    assertThat(keeping(2).beyond(back)).containsExactly(2L, 1L);
    assertThat(keeping(3).beyond(back)).as("the oldest has its turn").containsExactly(2L);
  }

  @Test
  void theOrderOfEntriesIsNoDifferenceAndAnotherNameIsOne() {
    List<ManifestVersion> all =
        List.of(version(3, "g1:a", "g2:b"), version(2, "g2:b", "g1:a"), version(1, "g1:a", "g2:c"));

    assertThat(keeping(2).beyond(all)).containsExactly(2L);
  }

  @Test
  void anEmptyVersionIsOneLikeAnother() {
    List<ManifestVersion> all = List.of(version(3), version(2, "g1:a"), version(1));

    assertThat(keeping(2).beyond(all)).containsExactly(1L);
  }

  @ParameterizedTest
  @CsvSource({"0, 15, 200, 1", "2, -1, 200, 1", "2, 15, 0, 1", "2, 15, 200, 0"})
  void whatCannotBeKeptIsRefused(int versions, int age, int runs, int interval) {
    assertThatThrownBy(() ->
            new RetentionSettings(
                versions, Duration.ofMinutes(age), runs, Duration.ofMinutes(interval)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ingot.retention");
  }
}
