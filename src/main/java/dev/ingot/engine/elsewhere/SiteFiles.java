package dev.ingot.engine.elsewhere;

import dev.ingot.engine.Engine.EngineException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Asks sites how a file is, without reading it. */
final class SiteFiles implements Place {

  private static final int REDIRECTED = 300;
  private static final int REFUSED = 400;
  private static final int NOT_FOUND = 404;

  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(PATIENCE)
          // What is granted is a folder of this site; where it sends others to is not.
          .followRedirects(Redirect.NEVER)
          .build();

  /** Empty when there is none. */
  @Override
  public List<ElsewhereState> below(String url) {
    HttpResponse<Void> answer = head(url);
    int status = answer.statusCode();
    if (status == NOT_FOUND) {
      return List.of();
    }
    if (status >= REDIRECTED) {
      throw refused(
          url,
          status < REFUSED
              ? "it is sent on to another place, which isn't granted: name that place"
              : "its server answers " + status);
    }
    OptionalLong size = answer.headers().firstValueAsLong("Content-Length");
    return List.of(
        new ElsewhereState(
            url,
            size.isPresent() ? size.getAsLong() : null,
            time(answer.headers().firstValue("Last-Modified").orElse(null)),
            answer.headers().firstValue("ETag").orElse(null)));
  }

  @Override
  public void look(String url) {
    var _ = head(url);
  }

  private HttpResponse<Void> head(String url) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(url)).HEAD().timeout(PATIENCE).build();
      return client.send(request, BodyHandlers.discarding());
    } catch (IllegalArgumentException e) {
      throw refused(url, "it is no URL");
    } catch (IOException e) {
      throw new EngineException("%s can't be reached: %s".formatted(url, reason(e)), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineException("%s was waited for in vain".formatted(url), e);
    }
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private static EngineException refused(String url, String why) {
    return new EngineException(
        "%s can't be read: %s".formatted(url, why), new IllegalArgumentException(url));
  }

  private static @Nullable Instant time(@Nullable String header) {
    try {
      return header == null
          ? null
          : ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
    } catch (DateTimeParseException e) {
      // As good as none.
      return null;
    }
  }

  @Override
  public void close() {
    // Without waiting for what is asked just now.
    client.shutdownNow();
  }
}
