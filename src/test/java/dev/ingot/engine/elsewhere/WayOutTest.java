package dev.ingot.engine.elsewhere;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.sun.net.httpserver.HttpServer;
import dev.ingot.engine.elsewhere.WayOut.Pass;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WayOutTest {

  private final AtomicInteger asked = new AtomicInteger();
  private HttpServer server;
  private WayOut wayOut;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          asked.incrementAndGet();
          byte[] answer =
              (exchange.getRequestURI() + " " + exchange.getRequestHeaders().keySet())
                  .getBytes(UTF_8);
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
    wayOut = wayOut("127.0.0.1");
  }

  @AfterEach
  void stop() throws IOException {
    wayOut.destroy();
    server.stop(0);
  }

  private static WayOut wayOut(String... privateHosts) {
    return new WayOut(
        new PrivateHosts(new ElsewhereSettings(List.of(privateHosts))),
        (name, work) -> Thread.ofVirtual().name(name).start(work));
  }

  private int port() {
    return server.getAddress().getPort();
  }

  private Destination to(String host) {
    return new Destination(Pattern.compile(Pattern.quote(host)), port(), false);
  }

  /** All that is answered, until the connection ends. */
  private static String send(Pass pass, String request) {
    return assertTimeoutPreemptively(
        Duration.ofSeconds(30),
        () -> {
          int proxy = Integer.parseInt(pass.proxy().substring(pass.proxy().indexOf(':') + 1));
          try (var socket = new Socket(InetAddress.getLoopbackAddress(), proxy)) {
            socket.getOutputStream().write(request.getBytes(UTF_8));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
          }
        });
  }

  private static String get(String url, String secret) {
    String credentials = Base64.getEncoder().encodeToString(("ingot:" + secret).getBytes(UTF_8));
    return "GET %s HTTP/1.1\r\nHost: x\r\nProxy-Authorization: Basic %s\r\n\r\n"
        .formatted(url, credentials);
  }

  @Test
  void aDatabaseIsLetToItsHosts() {
    Pass pass = wayOut.give(Set.of(to("127.0.0.1")));

    String plain = send(pass, get("http://127.0.0.1:%d/a?b=c".formatted(port()), pass.secret()));
    assertThat(plain).contains("200 OK", "/a?b=c").doesNotContain("Proxy");
    String tunnel =
        send(
            pass,
            get("", pass.secret()).replace("GET ", "CONNECT 127.0.0.1:%d".formatted(port()))
                + "GET /in HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assertThat(tunnel).contains("200 Connection established", "200 OK", "/in");
    assertThat(asked).hasValue(2);
  }

  @Test
  void nobodyIsLetToOthersHosts() {
    Pass pass = wayOut.give(Set.of(to("127.0.0.1")));
    Pass other = wayOut.give(Set.of(to("other.example")));
    String url = "http://127.0.0.1:%d/a".formatted(port());

    assertThat(send(pass, get(url, other.secret()))).contains("403");
    assertThat(send(pass, get(url, "guessed"))).contains("403");
    assertThat(send(pass, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n".formatted(url))).contains("403");
    assertThat(send(pass, get(url.replace("127.0.0.1", "localhost"), pass.secret())))
        .contains("403");
    assertThat(send(pass, get("http://127.0.0.1:1/a", pass.secret()))).contains("403");
    wayOut.takeBack(pass);
    assertThat(send(pass, get(url, pass.secret()))).contains("403");
    assertThat(asked).hasValue(0);
  }

  @Test
  void aHostWhoseAddressIsNotPublicNowIsNotReached() throws IOException {
    WayOut strict = wayOut();
    try {
      Pass pass = strict.give(Set.of(to("127.0.0.1"), to("localhost")));
      for (String host : List.of("127.0.0.1", "localhost")) {
        assertThat(send(pass, get("http://%s:%d/a".formatted(host, port()), pass.secret())))
            .isEmpty();
      }
      assertThat(asked).hasValue(0);
    } finally {
      strict.destroy();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET",
        "GET / HTTP/1.1",
        "GET https://127.0.0.1/ HTTP/1.1",
        "GET file:///etc/passwd HTTP/1.1",
        "CONNECT 127.0.0.1 HTTP/1.1",
        "CONNECT a@127.0.0.1:80 HTTP/1.1",
        "GET http://[ HTTP/1.1"
      })
  void whatIsNoRequestIsNotAnswered(String line) {
    Pass pass = wayOut.give(Set.of(to("127.0.0.1")));

    assertThat(send(pass, line + "\r\n\r\n")).isEmpty();
  }
}
