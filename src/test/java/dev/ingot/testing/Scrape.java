package dev.ingot.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the port for operators tells, as Prometheus reads it. */
public record Scrape(List<Sample> samples) {

  private static final Pattern LINE =
      Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (\\S+)");
  private static final Pattern LABEL =
      Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\]|\\\\.)*)\"");

  /** One line. */
  public record Sample(String name, Map<String, String> labels, double value) {}

  /**
   * @param key null for who says nothing of himself
   */
  public static HttpResponse<String> get(int port, @Nullable String key) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:%d/actuator/prometheus".formatted(port)));
    if (key != null) {
      request.header("Authorization", "Bearer " + key);
    }
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  public static Scrape of(int port) {
    HttpResponse<String> answer = get(port, null);
    if (answer.statusCode() != 200) {
      throw new AssertionError(answer.statusCode() + " " + answer.body());
    }
    return new Scrape(
        answer.body().lines().filter(line -> !line.startsWith("#")).map(Scrape::sample).toList());
  }

  private static Sample sample(String line) {
    var found = LINE.matcher(line);
    if (!found.matches()) {
      throw new AssertionError("not a sample: " + line);
    }
    var labels = new TreeMap<String, String>();
    if (found.group(2) != null) {
      LABEL
          .matcher(found.group(2))
          .results()
          .forEach(one -> labels.put(one.group(1), one.group(2)));
    }
    return new Sample(found.group(1), labels, Double.parseDouble(found.group(3)));
  }

  /**
   * The sum of all that have these labels.
   *
   * @param labels such as {@code outcome=published}
   */
  public double sum(String name, String... labels) {
    Map<String, String> wanted =
        List.of(labels).stream()
            .map(label -> label.split("=", 2))
            .collect(Collectors.toMap(label -> label[0], label -> label[1]));
    return samples.stream()
        .filter(sample -> sample.name().equals(name))
        .filter(sample -> sample.labels().entrySet().containsAll(wanted.entrySet()))
        .mapToDouble(Sample::value)
        .sum();
  }
}
