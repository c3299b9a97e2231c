package dev.ingot.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.mock.http.MockHttpInputMessage;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** What a client is told of a body that can't be read. */
class UnreadableBodyTest {

  private static final JsonMapper JSON = json();

  record Body(@Nullable Integer limit, @Nullable String queryName, @Nullable List<Inner> inner) {}

  record Inner(@Nullable String password, @Nullable Boolean deep) {}

  /** As the server reads. */
  private static JsonMapper json() {
    var builder = JsonMapper.builder();
    new WebConfiguration().strictJson().customize(builder);
    return builder.build();
  }

  private static Fault explain(String text) {
    var e = catchThrowableOfType(JacksonException.class, () -> JSON.readValue(text, Body.class));
    assertThat(e).as("reading %s", text).isNotNull();
    return UnreadableBody.explain(
        new HttpMessageNotReadableException("no", e, new MockHttpInputMessage(new byte[0])));
  }

  private static String bad(String text) {
    Fault fault = explain(text);
    assertThat(fault.code()).isEqualTo(FaultCode.BAD_REQUEST);
    return fault.detail();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"limits\": 1}                     | limits            | limit",
        "{\"QUERYNAME\": 1}                  | QUERYNAME         | queryName",
        "{\"inner\": [{\"pasword\": \"x\"}]} | inner.[0].pasword | password",
      })
  void anUnknownFieldIsNamedWithItsPathAndTheNearestKnownOne(
      String text, String path, String near) {
    Fault fault = explain(text);

    assertThat(fault.code()).isEqualTo(FaultCode.UNKNOWN_FIELD);
    assertThat(fault.detail())
        .startsWith("Unknown field '%s'; did you mean '%s'?".formatted(path, near));
  }

  @Test
  void anUnknownFieldThatIsLikeNoneIsAnsweredWithThoseThatAre() {
    assertThat(explain("{\"completely\": 1}").detail())
        .isEqualTo("Unknown field 'completely' (known: inner, limit, queryName)");
  }

  @Test
  void aFieldOfTheWrongTypeIsNamedWithTheOneThatIsWanted() {
    assertThat(bad("{\"limit\": \"many\"}"))
        .isEqualTo("Field 'limit' has the wrong type: expected integer");
    assertThat(bad("{\"queryName\": 5}"))
        .isEqualTo("Field 'queryName' has the wrong type: expected string");
    assertThat(bad("{\"inner\": [7]}"))
        .isEqualTo("Field 'inner.[0]' has the wrong type: expected an object");
    assertThat(bad("{\"inner\": [{\"deep\": \"yes\"}]}"))
        .isEqualTo("Field 'inner.[0].deep' has the wrong type: expected boolean");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "7", "\"text\"", "{} {}", "{}x"})
  void whatIsNotOneObjectIsNamedAsSuchOrWithItsPlace(String text) {
    assertThat(bad(text)).containsAnyOf("must be one JSON object", "is not JSON, at line 1");
  }

  @Test
  void malformedJsonIsToldWithItsPlace() {
    assertThat(bad("{\n  \"limit\": !}")).startsWith("The body is not JSON, at line 2, column ");
    assertThat(bad("{\"limit\": 1")).endsWith(": it ends too early");
  }

  @Test
  void aSecretIsNotRepeatedWhereverTheBodyIsBroken() {
    for (String text :
        List.of(
            "{\"inner\": [{\"password\": hunter2}]}",
            "{\"inner\": [{\"password\": \"hunter2}",
            "{\"inner\": [{\"password\": {\"hunter2\": 1}}]}",
            "{\"limit\": \"hunter2\"}",
            "{\"inner\": [{\"deep\": \"hunter2\"}]}")) {
      assertThat(explain(text).detail()).as(text).doesNotContain("hunter2");
    }
  }

  @Test
  void aBodyThatIsNotThereIsAskedFor() {
    var none = new HttpMessageNotReadableException("no", new MockHttpInputMessage(new byte[0]));

    assertThat(UnreadableBody.explain(none).detail()).isEqualTo("The request needs a JSON body");
  }
}
