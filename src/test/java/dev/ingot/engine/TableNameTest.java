package dev.ingot.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableNameTest {

  @ParameterizedTest
  @ValueSource(strings = {"orders", "main orders", "lake mart orders", "a b c d"})
  void aNameOfAnyLengthIsStoredAsItsSchemaAndItsOwnName(String spaced) {
    var name = new TableName(List.of(spaced.split(" ")));

    assertThat(TableName.stored(name.schema(), name.name())).isEqualTo(name);
  }

  @Test
  void aSchemaOfOnePartIsStoredAsItIs() {
    assertThat(new TableName(List.of("my mart", "orders")).schema()).isEqualTo("my mart");
    assertThat(new TableName(List.of("orders")).schema()).isEmpty();
  }

  @Test
  void namesThatJoinToTheSameTextAreDifferent() {
    assertThat(new TableName(List.of("a.b", "c")))
        .isNotEqualTo(new TableName(List.of("a", "b", "c")));
    assertThat(new TableName(List.of("a.b", "c")).toString()).isEqualTo("\"a.b\".c");
    assertThat(new TableName(List.of("a", "b", "c")).toString()).isEqualTo("a.b.c");
  }

  @Test
  void everyPartIsQuotedInSql() {
    assertThat(new TableName(List.of("lake", "mart", "my \"best\" orders")).sql())
        .isEqualTo("\"lake\".\"mart\".\"my \"\"best\"\" orders\"");
  }

  @Test
  void everyPartIsFolded() {
    assertThat(new TableName(List.of("Lake", "Mart", "Orders")).folded())
        .isEqualTo(new TableName(List.of("lake", "mart", "orders")));
  }

  @Test
  void noPartIsEmpty() {
    assertThatThrownBy(() -> new TableName("main", ""))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new TableName("", "orders"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new TableName(List.of())).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\u001fb"})
  void whatCouldNotBeReadAgainIsNotStored(String part) {
    assertThat(TableName.isStorable(part)).isFalse();
  }
}
