package dev.ingot.state.store;

import static dev.ingot.state.store.Stores.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.idempotency.Begun;
import dev.ingot.idempotency.KeptAnswer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys are kept over restarts, for a while, and unreadable. */
class StoredIdempotencyTest {

  private static final Duration DAY = Duration.ofHours(24);
  private static final KeptAnswer ANSWER =
      new KeptAnswer(201, Map.of("Location", "/somewhere"), "{\"key\":\"s3cr3t-answer\"}");

  @TempDir Path home;

  private static Begun begin(Fixture fixture, String fingerprint, Instant now) {
    return fixture.idempotency.begin("scope", fingerprint, now, now.minus(DAY));
  }

  @Test
  void theFirstIsToDoItAndLaterOnesGetItsAnswer() {
    try (var fixture = new Fixture(home)) {
      var mine = (Begun.Mine) begin(fixture, "a", NOW);
      assertThat(mine.again()).isFalse();
      assertThat(begin(fixture, "a", NOW))
          .as("what was broken off")
          .isEqualTo(new Begun.Mine("scope", mine.operation(), true));
      assertThat(begin(fixture, "b", NOW)).isEqualTo(new Begun.Reused());

      fixture.idempotency.answer("scope", ANSWER);

      assertThat(begin(fixture, "a", NOW)).isEqualTo(new Begun.Answered(ANSWER));
      assertThat(begin(fixture, "b", NOW)).isEqualTo(new Begun.Reused());
    }
    try (var fixture = new Fixture(home)) {
      assertThat(begin(fixture, "a", NOW)).isEqualTo(new Begun.Answered(ANSWER));
    }
  }

  @Test
  void whatIsTooOldIsForgottenWhenItIsAskedForAndInTime() {
    try (var fixture = new Fixture(home)) {
      var first = (Begun.Mine) begin(fixture, "a", NOW);
      fixture.idempotency.answer("scope", ANSWER);
      assertThat(begin(fixture, "a", NOW.plus(DAY))).isEqualTo(new Begun.Answered(ANSWER));

      var second = (Begun.Mine) begin(fixture, "b", NOW.plus(DAY).plusMillis(1));

      assertThat(second.again()).isFalse();
      assertThat(second.operation()).isNotEqualTo(first.operation());
      fixture.idempotency.forget(NOW.plus(DAY));
      assertThat(fixture.count("idempotency")).isEqualTo(1);
      fixture.idempotency.forget(NOW.plus(DAY).plusMillis(2));
      assertThat(fixture.count("idempotency")).isZero();
    }
  }

  @Test
  void ofManyThatBeginAtOnceAllHaveTheSameId() throws Exception {
    try (var fixture = new Fixture(home)) {
      List<Begun> begun = Race.atOnce(16, i -> begin(fixture, "a", NOW));

      Set<String> operations =
          begun.stream().map(one -> ((Begun.Mine) one).operation()).collect(Collectors.toSet());
      assertThat(operations).hasSize(1);
      assertThat(begun).filteredOn(one -> !((Begun.Mine) one).again()).hasSize(1);
    }
  }

  @Test
  void noFileOfTheHomeSaysWhatWasAskedOrAnswered() throws IOException {
    try (var fixture = new Fixture(home)) {
      begin(fixture, "s3cr3t-fingerprint", NOW);
      fixture.idempotency.answer("scope", ANSWER);
      assertThat(HomeFiles.with(home, "scope")).isNotEmpty();
      assertThat(HomeFiles.with(home, "s3cr3t")).isEmpty();
    }
    assertThat(HomeFiles.with(home, "s3cr3t")).isEmpty();
  }

  @Test
  void withAnotherKeyNothingIsKnown() throws IOException {
    try (var fixture = new Fixture(home)) {
      begin(fixture, "a", NOW);
      fixture.idempotency.answer("scope", ANSWER);
    }
    Files.delete(home.resolve("secret.key"));

    try (var fixture = new Fixture(home)) {
      assertThat(((Begun.Mine) begin(fixture, "a", NOW)).again()).isFalse();
    }
  }
}
