package dev.ingot.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.util.Locale;

/**
 * One connection that is kept, with a client that does as little as HTTP/1.1 needs: what it takes
 * would be counted as the server's.
 */
final class KeptConnection implements AutoCloseable {

  private final Socket socket;
  private final InputStream in;

  KeptConnection(String url) throws IOException {
    URI uri = URI.create(url);
    socket = new Socket(uri.getHost(), uri.getPort());
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
  }

  static byte[] get(String path) {
    return "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n".formatted(path).getBytes(ISO_8859_1);
  }

  /**
   * With the tag of the answer that the client has, so that it is told whether that still holds.
   */
  static byte[] get(String path, String tag) {
    return "GET %s HTTP/1.1\r\nHost: localhost\r\nIf-None-Match: %s\r\n\r\n"
        .formatted(path, tag)
        .getBytes(ISO_8859_1);
  }

  static byte[] post(String path, String json) {
    return "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(path, json.getBytes(UTF_8).length, json)
        .getBytes(UTF_8);
  }

  /** Sends a request and reads the whole answer, which has to be a 200 or a 304. */
  void ask(byte[] request) throws IOException {
    socket.getOutputStream().write(request);
    String status = line();
    boolean unchanged = status.startsWith("HTTP/1.1 304");
    if (!unchanged && !status.startsWith("HTTP/1.1 200")) {
      throw new IOException(status);
    }
    int length = 0;
    boolean chunked = false;
    for (String header = line(); !header.isEmpty(); header = line()) {
      String lower = header.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Integer.parseInt(lower.substring(15).strip());
      }
      chunked |= lower.equals("transfer-encoding: chunked");
    }
    if (unchanged) {
      // Whatever length it speaks of, it has no body.
      return;
    }
    if (!chunked) {
      in.skipNBytes(length);
      return;
    }
    for (int chunk = Integer.parseInt(line(), 16); chunk > 0; ) {
      in.skipNBytes(chunk + 2L);
      chunk = Integer.parseInt(line(), 16);
    }
    line();
  }

  private String line() throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("the server closed the connection");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
