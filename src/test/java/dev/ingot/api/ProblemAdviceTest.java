package dev.ingot.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;

import dev.ingot.api.Resources.ProblemBody;
import dev.ingot.engine.Engine;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.fault.Problem;
import dev.ingot.plan.Reason;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.server.ResponseStatusException;

/** What each fault looks like to a client. */
class ProblemAdviceTest {

  /** Written down once more, so that a status doesn't change by mistake. */
  private static final String STATUSES =
      """
      400 bad_request unknown_field invalid_name invalid_location invalid_package invalid_storage
      400 invalid_connection query_invalid not_supported filter_required
      400 given_invalid invalid_webhook
      401 unauthenticated
      403 forbidden authorize_not_enforced frozen read_only given_bound claim_missing access_denied
      404 project_not_found package_not_found connection_not_found model_not_found query_not_found
      404 table_not_found materialization_not_found version_not_found key_not_found not_found
      405 method_not_allowed
      406 not_acceptable
      409 project_exists package_exists package_busy illegal_state another_running rollback_refused
      409 connection_exists connection_in_use storage_refused strict_miss key_exists last_admin
      409 idempotency_in_work
      412 precondition_failed
      413 request_too_large result_too_large
      415 unsupported_media_type
      422 idempotency_key_reused query_failed too_complex
      424 model_invalid
      429 too_many_requests
      499 cancelled
      500 internal
      502 connection_failed
      503 catalog_unavailable extension_unavailable compiler_unavailable compiler_failed
      503 package_stuck issuer_unavailable
      504 timeout
      507 storage_full
      """;

  private final ProblemAdvice advice = new ProblemAdvice();
  private final MockHttpServletRequest request = new MockHttpServletRequest("GET", "/api/v0/x");

  private static Stream<String> words(String line) {
    List<String> words = List.of(line.split(" ", -1));
    return words.stream().skip(1).map(word -> words.getFirst() + " " + word);
  }

  @Test
  void everyFaultHasTheStatusThatIsWrittenDown() {
    List<String> written = STATUSES.lines().flatMap(ProblemAdviceTest::words).sorted().toList();

    List<String> given =
        EnumSet.allOf(FaultCode.class).stream()
            .map(code -> code.status() + " " + code.word())
            .sorted()
            .toList();

    assertThat(given).isEqualTo(written);
  }

  @ParameterizedTest
  @EnumSource(FaultCode.class)
  void aFaultIsAProblemWithItsCodeAndItsMessageTwice(FaultCode code) {
    Problem problem = Problem.error("some_word", "this is wrong", "orders.malloy", 3, 7);

    var answer = advice.fault(new Fault(code, "what, where and how", List.of(problem)), request);

    assertThat(answer.getStatusCode().value()).isEqualTo(code.status());
    assertThat(answer.getHeaders().getContentType()).isEqualTo(MediaType.APPLICATION_PROBLEM_JSON);
    ProblemBody body = body(answer);
    assertThat(body.type()).isEqualTo("about:blank");
    assertThat(body.title()).isNotBlank();
    assertThat(body.status()).isEqualTo(code.status());
    assertThat(body.code()).isEqualTo(code.word()).matches("[a-z_]+");
    assertThat(body.detail()).isEqualTo("what, where and how");
    assertThat(body.message()).isEqualTo(body.detail());
    assertThat(body.instance()).isEqualTo("/api/v0/x");
    assertThat(body.problems()).containsExactly(problem);
  }

  @ParameterizedTest
  @EnumSource(FaultCode.class)
  void whatMayBeOtherwiseSoonSaysWhen(FaultCode code) {
    String after =
        advice.fault(new Fault(code, "no"), request).getHeaders().getFirst(HttpHeaders.RETRY_AFTER);

    if (code.status() == 503 || code.status() == 429 || code == FaultCode.IDEMPOTENCY_IN_WORK) {
      assertThat(after).matches("[1-9][0-9]?");
    } else {
      assertThat(after).isNull();
    }
  }

  @Test
  void aStatusThatNoCodeStandsForHasATimeToo() {
    assertThat(RetryAfter.seconds(429)).hasValue(5);
    assertThat(RetryAfter.seconds(503)).hasValue(5);
    assertThat(RetryAfter.seconds(500)).isEmpty();
    assertThat(RetryAfter.seconds(FaultCode.CATALOG_UNAVAILABLE)).hasValue(5);
  }

  @Test
  void aPackageThatWasMovedMeanwhileIsBusy() {
    var answer = advice.moved(new Engine.ClosedException("closed"), request);

    assertThat(answer.getStatusCode()).isEqualTo(HttpStatus.CONFLICT);
    assertThat(body(answer).code()).isEqualTo("package_busy");
    assertThat(body(answer).detail()).contains("ask again");
  }

  @ParameterizedTest
  @CsvSource({
    "404, not_found",
    "405, method_not_allowed",
    "406, not_acceptable",
    "413, request_too_large",
    "415, unsupported_media_type",
    "400, bad_request",
    "418, bad_request",
    "500, internal",
    "503, internal",
  })
  void whatIsRefusedBeforeAnyControllerHasACodeToo(int status, String word) {
    var answer =
        advice.other(new ResponseStatusException(HttpStatus.valueOf(status), "because"), request);

    assertThat(body(answer).code()).isEqualTo(word);
    assertThat(body(answer).detail()).isEqualTo("because");
    assertThat(answer.getStatusCode().value()).isEqualTo(body(answer).status());
  }

  @Test
  void aMethodThatIsNotThereIsNamed() {
    var answer = advice.other(new HttpRequestMethodNotSupportedException("PUT"), request);

    assertThat(answer.getStatusCode()).isEqualTo(HttpStatus.METHOD_NOT_ALLOWED);
    assertThat(body(answer).detail()).contains("PUT");
  }

  static Stream<Named<Exception>> unexpected() {
    return Stream.of(
        named("unchecked", new IllegalStateException("password=hunter2")),
        named("checked", new Exception("password=hunter2")),
        named("without a message", new NullPointerException()));
  }

  @ParameterizedTest
  @MethodSource("unexpected")
  void whatNobodyThoughtOfIsA500ThatGivesNothingAway(Exception e) {
    var answer = advice.other(e, request);

    assertThat(answer.getStatusCode()).isEqualTo(HttpStatus.INTERNAL_SERVER_ERROR);
    assertThat(body(answer).code()).isEqualTo("internal");
    assertThat(body(answer).toString()).doesNotContain("hunter2", "Exception");
  }

  void parameters(int limit, Reason reason) {
    throw new AssertionError("only its parameters are looked at: " + limit + reason);
  }

  @Test
  void aParameterOfTheWrongTypeIsToldWhatItMayBe() throws Exception {
    assertThat(wrongType(0, int.class)).isEqualTo("Parameter 'given' must be a int, not 'much'");
    assertThat(wrongType(1, Reason.class)).contains("must be one of [NEW, SQL_CHANGED");
  }

  private String wrongType(int parameter, Class<?> type) throws Exception {
    var method = ProblemAdviceTest.class.getDeclaredMethod("parameters", int.class, Reason.class);
    var answer =
        advice.wrongType(
            new MethodArgumentTypeMismatchException(
                "much", type, "given", new MethodParameter(method, parameter), null),
            request);
    assertThat(answer.getStatusCode()).isEqualTo(HttpStatus.BAD_REQUEST);
    assertThat(body(answer).code()).isEqualTo("bad_request");
    return body(answer).detail();
  }

  private static ProblemBody body(ResponseEntity<ProblemBody> answer) {
    return Objects.requireNonNull(answer.getBody());
  }
}
