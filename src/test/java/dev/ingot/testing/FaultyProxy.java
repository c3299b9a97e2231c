package dev.ingot.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A TCP connection's way through loopback, which a test can make as bad as networks get. */
public final class FaultyProxy implements AutoCloseable {

  /** Small, so that a slow line is slow for short messages too. */
  private static final int CHUNK = 8 * 1024;

  private static final Pattern LENGTH = Pattern.compile("(?im)^content-length: *(\\d+)");

  private enum Way {
    OPEN,
    STALLED,
    FAILING
  }

  private final String host;
  private final int targetPort;
  private final int port;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicInteger failed = new AtomicInteger();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private Way way = Way.OPEN;
  private Duration delay = Duration.ZERO;
  private boolean closed;
  private @Nullable Listener listener;

  /**
   * @param acceptor the thread that accepts its connections; a closed one may accept one more
   */
  private record Listener(ServerSocket socket, Thread acceptor) {}

  private FaultyProxy(String host, int targetPort) throws IOException {
    this.host = host;
    this.targetPort = targetPort;
    port = listen(0);
  }

  /** Passes everything on to a server, until it is told otherwise. */
  public static FaultyProxy to(String host, int port) {
    try {
      return new FaultyProxy(host, port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Of this proxy, on 127.0.0.1. */
  public int port() {
    return port;
  }

  public String endpoint() {
    return "127.0.0.1:" + port;
  }

  /** How many requests {@link #fail()} has answered. */
  public int failed() {
    return failed.get();
  }

  /** Resets what is connected and refuses what comes: the server's machine is up, it is not. */
  public void cut() {
    @Nullable Listener before;
    lock.lock();
    try {
      before = listener;
      listener = null;
    } finally {
      lock.unlock();
    }
    if (before != null) {
      close(before.socket());
      join(before.acceptor());
    }
    disconnect();
  }

  /** Resets what is connected; new connections are as good as ever. */
  public void disconnect() {
    for (Socket socket : sockets) {
      reset(socket);
    }
  }

  /** Passes nothing on, and says nothing of it: a cable is out. Nothing is lost. */
  public void stall() {
    set(Way.STALLED, Duration.ZERO);
  }

  /** Waits before each 8 KB of either direction. */
  public void slow(Duration perChunk) {
    set(Way.OPEN, perChunk);
  }

  /** Resets what is connected, and answers every HTTP request with a 500. */
  public void fail() {
    set(Way.FAILING, Duration.ZERO);
    disconnect();
  }

  /** Ends whatever was wrong; what was stalled arrives. */
  public void resume() {
    lock.lock();
    try {
      if (listener == null && !closed) {
        listen(port);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      lock.unlock();
    }
    set(Way.OPEN, Duration.ZERO);
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    cut();
  }

  private void set(Way next, Duration perChunk) {
    lock.lock();
    try {
      way = next;
      delay = perChunk;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private int listen(int wanted) throws IOException {
    var opened = new ServerSocket(wanted, 100, InetAddress.getLoopbackAddress());
    Thread acceptor = Thread.ofPlatform().daemon().name("faulty-proxy").start(() -> accept(opened));
    listener = new Listener(opened, acceptor);
    return opened.getLocalPort();
  }

  private void accept(ServerSocket from) {
    while (true) {
      try {
        Socket client = from.accept();
        sockets.add(client);
        if (from.isClosed()) {
          reset(client);
          return;
        }
        Thread.ofPlatform().daemon().start(() -> connect(client));
      } catch (SocketException e) {
        // The listener was closed.
        return;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void connect(Socket client) {
    try {
      passTurn();
      if (failing()) {
        answer(client);
        return;
      }
      var server = new Socket(host, targetPort);
      sockets.add(server);
      Thread.ofPlatform().daemon().start(() -> pump(client, server));
      pump(server, client);
    } catch (IOException e) {
      // The server isn't there, or the client is gone: the other side sees it.
      reset(client);
    }
  }

  private void pump(Socket from, Socket to) {
    var buffer = new byte[CHUNK];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(buffer); n != -1; n = in.read(buffer)) {
        passTurn();
        out.write(buffer, 0, n);
      }
      to.shutdownOutput();
      if (from.isOutputShutdown()) {
        reset(from);
        reset(to);
      }
    } catch (IOException e) {
      // What breaks one side breaks the other.
      reset(from);
      reset(to);
    }
  }

  /** Returns when a chunk may go on. */
  private void passTurn() {
    lock.lock();
    try {
      long left = delay.toNanos();
      while (!closed && (way == Way.STALLED || left > 0)) {
        if (way == Way.STALLED) {
          changed.await();
          left = delay.toNanos();
        } else {
          left = Math.min(changed.awaitNanos(left), delay.toNanos());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } finally {
      lock.unlock();
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private boolean failing() {
    lock.lock();
    try {
      return way == Way.FAILING;
    } finally {
      lock.unlock();
    }
  }

  /** The request is read to its end: closing a socket with unread bytes would reset it. */
  private void answer(Socket client) throws IOException {
    client.setSoTimeout((int) TimeUnit.SECONDS.toMillis(10));
    InputStream in = client.getInputStream();
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int c = in.read();
      if (c == -1) {
        reset(client);
        return;
      }
      head.append((char) c);
    }
    Matcher length = LENGTH.matcher(head);
    if (length.find() && head.indexOf("100-continue") < 0) {
      in.skipNBytes(Long.parseLong(length.group(1)));
    }
    // Counted first: whoever has the answer may ask for the number.
    failed.incrementAndGet();
    client
        .getOutputStream()
        .write(
            "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                .getBytes(ISO_8859_1));
    client.shutdownOutput();
    sockets.remove(client);
    close(client);
  }

  private void reset(Socket socket) {
    sockets.remove(socket);
    try {
      socket.setSoLinger(true, 0);
    } catch (SocketException e) {
      // It is closed already.
      return;
    }
    close(socket);
  }

  private static void close(@Nullable Closeable what) {
    try {
      if (what != null) {
        what.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
