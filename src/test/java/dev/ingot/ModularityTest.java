package dev.ingot;

import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;

class ModularityTest {

  @Test
  void roomsUseOnlyTheRoomsThatTheyAreAllowed() {
    ApplicationModules.of(IngotApplication.class).verify();
  }
}
