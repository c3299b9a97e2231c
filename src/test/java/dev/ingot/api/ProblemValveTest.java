package dev.ingot.api;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.web.WebProperties;
import org.springframework.boot.tomcat.autoconfigure.TomcatServerProperties;
import org.springframework.boot.tomcat.autoconfigure.TomcatWebServerFactoryCustomizer;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.core.env.StandardEnvironment;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What Tomcat itself answers with, in front of a servlet that does as its path says. */
class ProblemValveTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static WebServer server;

  @BeforeAll
  static void start() {
    var factory = new TomcatServletWebServerFactory(0);
    // As the server's: Tomcat's own report is silenced there.
    new TomcatWebServerFactoryCustomizer(
            new StandardEnvironment(),
            new ServerProperties(),
            new TomcatServerProperties(),
            new WebProperties())
        .customize(factory);
    new ProblemValve(JSON).customize(factory);
    server =
        factory.getWebServer(context -> context.addServlet("does", new Does()).addMapping("/*"));
    server.start();
  }

  @AfterAll
  static void stop() {
    server.stop();
  }

  private static final class Does extends HttpServlet {
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      switch (String.valueOf(request.getPathInfo())) {
        case "/fails" -> throw new IllegalStateException("password=hunter2");
        case "/refuses" -> response.sendError(404, "There is none");
        case "/says" -> {
          response.setStatus(409);
          response.getOutputStream().write("mine".getBytes(UTF_8));
        }
        default -> response.sendError(Integer.parseInt(request.getPathInfo().substring(1)));
      }
    }
  }

  /** As a client sends it that checks nothing. */
  private static String answer(String requestLine) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.getPort())) {
      String request = requestLine + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  @Test
  void whoIsTurnedAwayForNowIsToldWhenToComeAgain() throws IOException {
    assertThat(answer("GET /503")).contains("Retry-After: 5\r\n");
    assertThat(answer("GET /429")).contains("Retry-After: 5\r\n");
    assertThat(answer("GET /500")).doesNotContain("Retry-After");
  }

  private static JsonNode problem(String answer) {
    assertThat(answer).contains("Content-Type: application/problem+json");
    JsonNode problem =
        JSON.readTree(answer.substring(answer.indexOf('{'), answer.lastIndexOf('}') + 1));
    assertThat(answer).startsWith("HTTP/1.1 " + problem.path("status").asInt());
    assertThat(problem.path("message")).isEqualTo(problem.path("detail"));
    assertThat(problem.path("problems").isArray()).isTrue();
    return problem;
  }

  @ParameterizedTest
  @CsvSource({
    "GET /a%00b,  400, bad_request",
    "GET /a%zzb,  400, bad_request",
    "GET /a|b,    400, bad_request",
    "GET /405,    405, method_not_allowed",
    "GET /413,    413, request_too_large",
    "GET /500,    500, internal",
  })
  void whatIsRefusedBeforeAnyControllerIsAProblemToo(String line, int status, String code)
      throws IOException {
    JsonNode problem = problem(answer(line));

    assertThat(problem.path("status").asInt()).isEqualTo(status);
    assertThat(problem.path("code").asString()).isEqualTo(code);
    assertThat(problem.path("detail").asString()).isNotBlank();
  }

  @Test
  void whatFailsGivesNothingAway() throws IOException {
    String answer = answer("GET /fails");

    assertThat(problem(answer).path("code").asString()).isEqualTo("internal");
    assertThat(answer).doesNotContain("hunter2", "Exception", "Tomcat", "<html");
  }

  @Test
  void whatWasSaidOnPurposeIsPassedOn() throws IOException {
    JsonNode problem = problem(answer("GET /refuses"));

    assertThat(problem.path("detail").asString()).isEqualTo("There is none");
    assertThat(problem.path("instance").asString()).isEqualTo("/refuses");
    assertThat(problem.path("code").asString()).isEqualTo("not_found");
  }

  @Test
  void anAnswerThatHasABodyStays() throws IOException {
    assertThat(answer("GET /says")).startsWith("HTTP/1.1 409").endsWith("mine");
  }
}
