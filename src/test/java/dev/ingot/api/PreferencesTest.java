package dev.ingot.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;

class PreferencesTest {

  private final MockHttpServletRequest request = new MockHttpServletRequest("GET", "/api/v0/x");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "wait=30 | 30",
        "WAIT = 30 | 30",
        "wait=\"30\" | 30",
        "wait=0 | 0",
        "respond-async, wait=10 | 10",
        "foo; bar=1, wait=10; baz=\"x\" | 10",
        "note=\"a, wait=1\", wait=2 | 2",
        "wait=5, wait=9 | 5",
        "=, ;;, wait=3 | 3",
      })
  void aWaitIsFoundAmongOthers(String header, int seconds) {
    request.addHeader("Prefer", header);

    assertThat(Preferences.waiting(request)).contains(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "wait",
        "wait=",
        "wait=-1",
        "wait=1.5",
        "wait=soon",
        "wait=10s",
        "wait=99999999999999999999",
        "wait=\"30",
        "waiting=30",
        "note=\"wait=30\"",
        "wait=x, wait=3",
      })
  void whatIsMalformedOrSomethingElseAsksForNothing(String header) {
    request.addHeader("Prefer", header);

    assertThat(Preferences.waiting(request)).isEmpty();
  }

  @Test
  void theFirstOfSeveralHeadersCounts() {
    request.addHeader("Prefer", "respond-async");
    request.addHeader("Prefer", "wait=4");
    request.addHeader("Prefer", "wait=8");

    assertThat(Preferences.waiting(request)).contains(Duration.ofSeconds(4));
  }

  @Test
  void nobodyWaitsLongerThanTheSettingAllows() {
    var settings = new WaitSettings(Duration.ofSeconds(60));

    assertThat(settings.atMost(Duration.ofSeconds(30))).isEqualTo(Duration.ofSeconds(30));
    assertThat(settings.atMost(Duration.ofDays(9))).isEqualTo(Duration.ofSeconds(60));
  }
}
