package dev.ingot.engine.elsewhere;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.ingot.threads.Tasks;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * The one way by which packages' databases reach what they were granted over HTTP: a proxy on
 * loopback that lets each of them to its own hosts and to no other, whatever its SQL says, a site
 * sends it on to, or a name is resolved to meanwhile. What is encrypted stays so.
 */
@Component
public class WayOut implements DisposableBean {

  private static final Logger log = LoggerFactory.getLogger(WayOut.class);
  private static final String USER = "ingot";
  private static final int CONNECT_MILLIS = 5_000;

  /** Longer than DuckDB waits for an answer. */
  private static final int SILENCE_MILLIS = 15_000;

  /** For what still comes when the client has gone. */
  private static final int LAST_MILLIS = 1_000;

  private static final int BACKLOG = 100;
  private static final int SECRET_BYTES = 16;

  /** Before the next one is accepted, when there are too many. */
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private static final int CHUNK = 64 * 1024;

  /** What is let through, by the secret that a database shows. */
  private final Map<String, Set<Destination>> passes = new ConcurrentHashMap<>();

  private final SecureRandom random = new SecureRandom();
  private final PrivateHosts privateHosts;
  private final Tasks tasks;

  /** Null until somebody needs it. Guarded by this. */
  private @Nullable ServerSocket listener;

  public WayOut(PrivateHosts privateHosts, Tasks tasks) {
    this.privateHosts = privateHosts;
    this.tasks = tasks;
  }

  /**
   * What a database needs to go out.
   *
   * @param proxy of it, as host and port
   */
  public record Pass(String proxy, String user, String secret) {}

  /** Lets somebody to these destinations, until it is taken back. */
  public Pass give(Set<Destination> destinations) {
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(secret);
    var pass = new Pass("127.0.0.1:" + port(), USER, HexFormat.of().formatHex(secret));
    passes.put(pass.secret(), Set.copyOf(destinations));
    return pass;
  }

  public void takeBack(Pass pass) {
    passes.remove(pass.secret());
  }

  private synchronized int port() {
    if (listener == null) {
      try {
        var opened = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        tasks.start("way-out", () -> accept(opened));
        listener = opened;
      } catch (IOException e) {
        throw new UncheckedIOException("No port can be opened on loopback", e);
      }
    }
    return listener.getLocalPort();
  }

  private void accept(ServerSocket opened) {
    while (!opened.isClosed()) {
      try {
        Socket client = opened.accept();
        tasks.start("way-out-request", () -> serve(client));
      } catch (IOException e) {
        if (!opened.isClosed()) {
          log.warn("A database could not be let out", e);
          LockSupport.parkNanos(PAUSE_NANOS);
        }
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      client.setTcpNoDelay(true);
      client.setSoTimeout(SILENCE_MILLIS);
      ProxyRequest request = ProxyRequest.read(client.getInputStream());
      client.setSoTimeout(0);
      if (request == null) {
        return;
      }
      Optional<Destination> destination = destination(request);
      if (destination.isEmpty()) {
        log.info("A package's SQL was not let to {}:{}", request.host(), request.port());
        refuse(client, "403 Forbidden");
        return;
      }
      try (Socket server = connect(request, destination.get())) {
        pass(request, client, server);
      }
    } catch (IOException e) {
      // Whoever asked finds the connection closed, and says so.
      log.debug("A database's way out has ended", e);
    }
  }

  /** Empty when it may not go there. */
  private Optional<Destination> destination(ProxyRequest request) {
    String shown = secret(request.credentials());
    return passes.getOrDefault(shown, Set.of()).stream()
        .filter(one -> one.leadsTo(request.host(), request.port()))
        .findFirst();
  }

  /** Empty when it is none. */
  private static String secret(String credentials) {
    try {
      String shown = new String(Base64.getDecoder().decode(credentials), ISO_8859_1);
      return shown.startsWith(USER + ":") ? shown.substring(USER.length() + 1) : "";
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  /** To the very address that was looked at: a name may have another one the next time. */
  private Socket connect(ProxyRequest request, Destination destination) throws IOException {
    InetAddress address = InetAddress.getByName(request.host());
    if (!destination.trusted() && !privateHosts.mayReach(request.host(), address)) {
      throw new IOException("%s is at %s now".formatted(request.host(), address));
    }
    var server = new Socket();
    try {
      server.setTcpNoDelay(true);
      server.setSoTimeout(SILENCE_MILLIS);
      server.connect(new InetSocketAddress(address, request.port()), CONNECT_MILLIS);
      return server;
    } catch (IOException e) {
      server.close();
      throw e;
    }
  }

  private void pass(ProxyRequest request, Socket client, Socket server) throws IOException {
    if (request.tunnel()) {
      client
          .getOutputStream()
          .write("HTTP/1.1 200 Connection established\r\n\r\n".getBytes(ISO_8859_1));
    } else {
      server.getOutputStream().write(request.head().getBytes(ISO_8859_1));
    }
    var sent = new CountDownLatch(1);
    tasks.start(
        "way-out-body",
        () -> {
          try {
            copy(client, server);
            server.setSoTimeout(LAST_MILLIS);
          } catch (SocketException e) {
            log.debug("A database's way out was at its end already", e);
          } finally {
            sent.countDown();
          }
        });
    copy(server, client);
    try {
      sent.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Until one of them ends; the other is told. */
  private static void copy(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] chunk = new byte[CHUNK];
      for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
        out.write(chunk, 0, read);
      }
      to.shutdownOutput();
    } catch (IOException e) {
      log.debug("A database's way out was cut", e);
      closeQuietly(from);
      closeQuietly(to);
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      log.debug("A socket did not close cleanly", e);
    }
  }

  private static void refuse(Socket client, String status) throws IOException {
    client
        .getOutputStream()
        .write(
            "HTTP/1.1 %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                .formatted(status)
                .getBytes(ISO_8859_1));
  }

  @Override
  public synchronized void destroy() throws IOException {
    if (listener != null) {
      listener.close();
    }
  }
}
