package dev.ingot.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CellValuesTest {

  @Test
  void theKeysOfAMapAreTextThatSaysWhatTheyAre() {
    assertThat(CellValues.plain(Map.of(new byte[] {(byte) 0xaa, 1}, 1)))
        .isEqualTo(Map.of("aa01", 1));
    assertThat(CellValues.plain(Map.of(LocalDateTime.of(2020, 1, 1, 0, 0), 1)))
        .isEqualTo(Map.of("2020-01-01 00:00:00.0", 1));
    assertThat(CellValues.plain(Map.of(LocalDate.of(1582, 10, 10), 1)))
        .isEqualTo(Map.of("1582-10-10", 1));
    assertThat(CellValues.plain(Map.of(List.of(1, 2), 1))).isEqualTo(Map.of("[1, 2]", 1));
  }
}
