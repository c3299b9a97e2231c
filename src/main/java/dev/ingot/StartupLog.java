package dev.ingot;

import dev.ingot.access.Access;
import dev.ingot.sample.SampleProject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Ends the start-up log with what to do next. */
@Component
class StartupLog {

  private static final Logger log = LoggerFactory.getLogger(StartupLog.class);

  private final Access access;

  StartupLog(Access access) {
    this.access = access;
  }

  @EventListener
  void ready(ApplicationReadyEvent event) {
    if (!(event.getApplicationContext() instanceof WebServerApplicationContext web)
        || web.getWebServer() == null) {
      return;
    }
    String url =
        "%s://localhost:%d".formatted(scheme(web.getWebServer()), web.getWebServer().getPort());
    String base =
        "%s/api/v0/projects/%s/packages/%s"
            .formatted(url, SampleProject.KEY.project(), SampleProject.KEY.name());
    log.info(
        """
        Ingot is ready at {}
          API by hand: {}/swagger-ui.html
          build:    curl -s -X POST "{}/materializations/$(curl -s -X POST {}/materializations | sed 's/.*"id":"\\([^"]*\\)".*/\\1/')/start"
          watch:    curl -s "{}/materializations?limit=1"
          query:    curl -s {}/models/rush_hours.malloy/query -H 'Content-Type: application/json' -d '{"queryName":"busiest_hours","compactJson":true}'
          manifest: curl -s {}/manifest\
        """,
        url,
        url,
        base,
        base,
        base,
        base,
        base);
    if (access.isAsked()) {
      log.info("It asks who is there: add -H 'Authorization: Bearer <key>' to these");
    }
  }

  private static String scheme(WebServer server) {
    return server instanceof TomcatWebServer tomcat
        ? tomcat.getTomcat().getConnector().getScheme()
        : "http";
  }
}
