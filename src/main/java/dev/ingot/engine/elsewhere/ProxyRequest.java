package dev.ingot.engine.elsewhere;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks of a proxy, as RFC 9110 and RFC 9112 have it.
 *
 * @param tunnel whether it wants a connection, and nothing to be read of what it sends there
 * @param head as the server is sent it, when it is no tunnel; one request for each connection
 * @param credentials of basic authentication, in base64; empty without
 */
record ProxyRequest(boolean tunnel, String host, int port, String head, String credentials) {

  private static final int MOST = 64 * 1024;
  private static final String END = "\r\n\r\n";
  private static final int HTTP_PORT = 80;
  private static final Pattern AUTHORITY =
      Pattern.compile("([A-Za-z0-9.-]+|\\[[0-9a-fA-F:.]+]):(\\d{1,5})");
  private static final Pattern CREDENTIALS = Pattern.compile("(?i)basic ([A-Za-z0-9+/=]+)");

  /**
   * Null when nothing is asked.
   *
   * @throws IOException when it is no such request
   */
  static @Nullable ProxyRequest read(InputStream in) throws IOException {
    var read = new ByteArrayOutputStream();
    String head = "";
    while (!head.endsWith(END)) {
      int next = in.read();
      if (next < 0) {
        return null;
      }
      read.write(next);
      if (read.size() > MOST) {
        throw new IOException("a request's head has no end");
      }
      // Only what may be the end is looked at.
      head = next == '\n' ? read.toString(ISO_8859_1) : "";
    }
    return parse(List.of(head.strip().split("\r\n")));
  }

  private static ProxyRequest parse(List<String> lines) throws IOException {
    String[] first = lines.getFirst().split(" ");
    if (first.length != 3) {
      throw new IOException("no request: " + lines.getFirst());
    }
    String credentials = "";
    var kept = new ArrayList<String>();
    for (String line : lines.subList(1, lines.size())) {
      String name = line.substring(0, Math.max(0, line.indexOf(':'))).toLowerCase(Locale.ROOT);
      if (name.equals("proxy-authorization")) {
        Matcher matcher = CREDENTIALS.matcher(line.substring(name.length() + 1).strip());
        credentials = matcher.matches() ? matcher.group(1) : "";
      } else if (!name.equals("proxy-connection") && !name.equals("connection")) {
        kept.add(line);
      }
    }
    kept.add("Connection: close");
    return first[0].equals("CONNECT")
        ? tunnel(first[1], credentials)
        : plain(first, kept, credentials);
  }

  private static ProxyRequest tunnel(String authority, String credentials) throws IOException {
    Matcher matcher = AUTHORITY.matcher(authority);
    if (!matcher.matches()) {
      throw new IOException("no host and port: " + authority);
    }
    return new ProxyRequest(
        true, matcher.group(1), Integer.parseInt(matcher.group(2)), "", credentials);
  }

  private static ProxyRequest plain(String[] first, List<String> headers, String credentials)
      throws IOException {
    URI url;
    try {
      url = URI.create(first[1]);
    } catch (IllegalArgumentException e) {
      throw new IOException("no URL: " + first[1], e);
    }
    if (!"http".equals(url.getScheme()) || url.getHost() == null) {
      throw new IOException("no URL of http: " + first[1]);
    }
    String path =
        first[1].substring(
            first[1].indexOf(url.getRawAuthority()) + url.getRawAuthority().length());
    String head =
        "%s %s %s\r\n%s%s"
            .formatted(
                first[0],
                path.startsWith("/") ? path : "/" + path,
                first[2],
                String.join("\r\n", headers),
                END);
    int port = url.getPort() < 0 ? HTTP_PORT : url.getPort();
    return new ProxyRequest(false, url.getHost(), port, head, credentials);
  }
}
