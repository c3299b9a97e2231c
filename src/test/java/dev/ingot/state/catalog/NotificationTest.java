package dev.ingot.state.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.project.PackageKey;
import dev.ingot.state.SharedEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NotificationTest {

  private static final PackageKey KEY = PackageKey.of("p", "k");

  @Test
  void whatIsSentIsHeard() {
    for (SharedEvent event :
        new SharedEvent[] {new SharedEvent.Ended(KEY, "r"), new SharedEvent.Published(KEY)}) {
      assertThat(Notification.event(Notification.text(event))).contains(event);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "[]", "1", "{}", "{\"project\":\"../p\"}", "x"})
  void whatNoIngotHasSentIsPassedOver(String text) {
    assertThat(Notification.event(text)).isEmpty();
  }
}
