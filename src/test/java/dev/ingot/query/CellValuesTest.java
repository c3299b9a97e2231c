package dev.ingot.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

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

  static Stream<Arguments> values() {
    return Stream.<Function<Object, Object>>of(
            CellValues::number, CellValues::bool, CellValues::isoDate, CellValues::list)
        .flatMap(read -> Stream.of(arguments(read, "a"), arguments(read, UUID.randomUUID())));
  }

  @ParameterizedTest
  @MethodSource("values")
  void aValueOfAnotherTypeThanTheModelsIsAFaultOfTheQuery(
      Function<Object, Object> read, Object value) {
    assertThatThrownBy(() -> read.apply(value))
        .isInstanceOfSatisfying(
            Fault.class, fault -> assertThat(fault.code()).isEqualTo(FaultCode.QUERY_FAILED))
        .hasMessageContaining("where the model has a");
  }

  @Test
  void aTextIsNoTextOfWhatHoldsOthers() {
    assertThat(CellValues.text(LocalTime.NOON)).isEqualTo("12:00:00");
    assertThat(CellValues.text(12)).isEqualTo("12");
    for (Object value : new Object[] {List.of(1), Map.of("a", 1), new byte[1]}) {
      assertThatThrownBy(() -> CellValues.text(value)).isInstanceOf(Fault.class);
    }
  }
}
