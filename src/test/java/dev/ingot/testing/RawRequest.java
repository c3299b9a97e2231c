package dev.ingot.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Requests that a well-behaved client never sends. */
public final class RawRequest {

  private RawRequest() {}

  /** A GET whose path goes out as it is, however wrong. */
  public static Answer get(String url, String path) throws IOException {
    try (Socket socket = open(url)) {
      socket
          .getOutputStream()
          .write("GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n".formatted(path).getBytes(ISO_8859_1));
      String text = new String(socket.getInputStream().readAllBytes(), UTF_8);
      int end = text.indexOf("\r\n\r\n");
      String type =
          text.substring(0, end)
              .lines()
              .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-type:"))
              .map(line -> line.substring(line.indexOf(':') + 1).strip())
              .findFirst()
              .orElse("");
      return new Answer(
          Integer.parseInt(text.split(" ", 3)[1]),
          HttpHeaders.of(Map.of("Content-Type", List.of(type)), (name, value) -> true),
          text.substring(end + 4));
    }
  }

  /** Sends a POST and leaves it to the caller to read the answer or to hang up. */
  public static Socket post(String url, String path, String json, String... headers)
      throws IOException {
    Socket socket = open(url);
    byte[] body = json.getBytes(UTF_8);
    String head =
        "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n%s\r\n"
            .formatted(
                path,
                body.length,
                Stream.of(headers).map(header -> header + "\r\n").collect(Collectors.joining()));
    socket.getOutputStream().write(head.getBytes(ISO_8859_1));
    socket.getOutputStream().write(body);
    return socket;
  }

  /** Sends a GET and leaves it to the caller to read the answer or to hang up. */
  public static Socket waiting(String url, String path, String... headers) throws IOException {
    Socket socket = open(url);
    String head =
        "GET %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n"
            .formatted(
                path,
                Stream.of(headers).map(header -> header + "\r\n").collect(Collectors.joining()));
    socket.getOutputStream().write(head.getBytes(ISO_8859_1));
    return socket;
  }

  private static Socket open(String url) throws IOException {
    URI address = URI.create(url);
    var socket = new Socket(address.getHost(), address.getPort());
    socket.setSoTimeout(60_000);
    return socket;
  }
}
