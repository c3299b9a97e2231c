package dev.ingot.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ingot.fault.FaultCode;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.coyote.ActionCode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * What Tomcat refuses before any controller is asked, such as a path with {@code %00}, is a problem
 * like any other and not a page for people.
 */
@Component
class ProblemValve implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

  private static final Logger log = LoggerFactory.getLogger(ProblemValve.class);

  private final JsonMapper json;

  ProblemValve(JsonMapper json) {
    this.json = json;
  }

  @Override
  public void customize(TomcatServletWebServerFactory factory) {
    factory.addContextCustomizers(
        context -> context.getParent().getPipeline().addValve(new Report(json)));
  }

  private static final class Report extends ErrorReportValve {
    private final JsonMapper json;

    Report(JsonMapper json) {
      this.json = json;
    }

    @Override
    protected void report(Request request, Response response, @Nullable Throwable throwable) {
      int status = response.getStatus();
      if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
        return;
      }
      var open = new AtomicBoolean();
      response.getCoyoteResponse().action(ActionCode.IS_IO_ALLOWED, open);
      if (!open.get()) {
        return;
      }
      if (throwable != null) {
        // A malformed request comes as one too, and whoever sends it mustn't fill the log.
        log.atLevel(status < 500 ? Level.DEBUG : Level.ERROR)
            .setCause(throwable)
            .log("{} {} failed", request.getMethod(), request.getRequestURI());
      }
      FaultCode code = ProblemAdvice.code(status);
      String said = response.getMessage();
      String detail =
          throwable != null || said == null || said.isBlank()
              ? "The request can't be answered (HTTP %d)".formatted(status)
              : said;
      RetryAfter.seconds(status)
          .ifPresent(
              seconds -> response.setHeader(HttpHeaders.RETRY_AFTER, String.valueOf(seconds)));
      try {
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.setCharacterEncoding(UTF_8);
        Writer writer = response.getReporter();
        if (writer != null) {
          writer.write(
              json.writeValueAsString(
                  ProblemAdvice.problem(
                      code, detail, List.of(), String.valueOf(request.getRequestURI()))));
          response.finishResponse();
        }
      } catch (IOException e) {
        log.debug("The client left before it was told what was wrong", e);
      }
    }
  }
}
