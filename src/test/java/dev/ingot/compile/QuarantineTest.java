package dev.ingot.compile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QuarantineTest {

  private static final String MODELS = "";
  private final Quarantine quarantine = new Quarantine();

  @Test
  void whatStoppedAProcessIsKnownByItsReason() {
    quarantine.put("a", "query 1", "took too long");

    assertThat(quarantine.of("a", "query 1")).isEqualTo("took too long");
  }

  @Test
  void aQueryStandsForItselfAndItsPackagesOthersGoOn() {
    quarantine.put("a", "query 1", "took too long");

    assertThat(quarantine.of("a", "query 2")).isNull();
    assertThat(quarantine.of("a", MODELS)).isNull();
    assertThat(quarantine.of("b", "query 1")).isNull();
  }

  @Test
  void modelsStandForAllThatIsAskedOfThem() {
    quarantine.put("a", "query 1", "took too long");
    quarantine.put("a", MODELS, "ran out of memory");

    assertThat(quarantine.of("a", "query 1")).isEqualTo("ran out of memory");
    assertThat(quarantine.of("a", "query 2")).isEqualTo("ran out of memory");
    assertThat(quarantine.of("b", "query 1")).isNull();
  }

  @Test
  void aContentThatIsReleasedIsForgottenWithAllOfItsQueries() {
    quarantine.put("a", MODELS, "ran out of memory");
    quarantine.put("a", "query 1", "took too long");
    quarantine.prove("a");
    quarantine.put("b", "query 1", "took too long");
    quarantine.prove("b");

    quarantine.release("a");

    assertThat(quarantine.of("a", "query 1")).isNull();
    assertThat(quarantine.isProven("a")).isFalse();
    assertThat(quarantine.of("b", "query 1")).isEqualTo("took too long");
    assertThat(quarantine.isProven("b")).isTrue();
  }

  @Test
  void whatIsOldestIsForgottenFirstSoThatItNeverGrowsWithoutEnd() {
    for (int i = 0; i <= 1000; i++) {
      quarantine.put("a", "query " + i, "why");
      quarantine.prove("content " + i);
    }

    assertThat(quarantine.of("a", "query 0")).isNull();
    assertThat(quarantine.of("a", "query 1")).isEqualTo("why");
    assertThat(quarantine.of("a", "query 1000")).isEqualTo("why");
    assertThat(quarantine.isProven("content 0")).isFalse();
    assertThat(quarantine.isProven("content 1")).isTrue();
  }
}
