package dev.ingot.api;

import dev.ingot.engine.Cancellation;
import dev.ingot.threads.Tasks;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/**
 * Cancels a statement, or a wait, whose client has closed the connection.
 *
 * <p>The servlet API tells nobody about a client that leaves while its answer is being computed. So
 * Tomcat is asked, a few times a second, to read from the connection without waiting: after the
 * request's body nothing is due there but its end. A client that sends its next request early
 * (pipelining) is told apart by how much there is: Tomcat reports exactly one byte for an end.
 *
 * <p>While an answer streams, the connection is looked at between two writes, never during one: a
 * statement that gives no row for a long time tells nobody by a failed write.
 */
@Component
class ClientWatch
    implements WebServerFactoryCustomizer<TomcatServletWebServerFactory>, DisposableBean {

  private static final String CONNECTION = ClientWatch.class.getName();
  private static final Duration PERIOD = Duration.ofMillis(200);
  private static final int END = 1;

  private final Set<Watching> watched = ConcurrentHashMap.newKeySet();
  private final Runnable end;

  ClientWatch(Tasks tasks) {
    end = tasks.every(PERIOD, "client-watch", () -> watched.forEach(Watching::look));
  }

  @Override
  public void customize(TomcatServletWebServerFactory factory) {
    factory.addEngineValves(new ConnectionValve());
  }

  /**
   * Watches until the returned one is closed. Before that the answer may only be written through
   * {@link Watching#guard}.
   */
  Watching watch(HttpServletRequest request, Cancellation cancellation) {
    return watch(request, () -> cancellation.cancel("The client closed the connection"));
  }

  /**
   * The same for anything else.
   *
   * @param gone what is done once when the client has closed the connection; it doesn't wait
   */
  Watching watch(HttpServletRequest request, Runnable gone) {
    var connection = (org.apache.coyote.@Nullable Request) request.getAttribute(CONNECTION);
    var watching = new Watching(connection, gone);
    watched.add(watching);
    return watching;
  }

  /** One request that is being answered. */
  final class Watching implements AutoCloseable {
    private final org.apache.coyote.@Nullable Request connection;
    private final Runnable gone;
    private final ReentrantLock using = new ReentrantLock();
    private boolean closed;

    Watching(org.apache.coyote.@Nullable Request connection, Runnable gone) {
      this.connection = connection;
      this.gone = gone;
    }

    /** Doesn't wait for a write, which may take as long as its client pleases. */
    void look() {
      if (connection == null || !using.tryLock()) {
        return;
      }
      try {
        if (closed) {
          return;
        }
        connection.action(ActionCode.AVAILABLE, true);
        if (connection.getAvailable() == END) {
          watched.remove(this);
          gone.run();
        }
      } finally {
        using.unlock();
      }
    }

    /** The same stream, on which nobody looks at the connection during a write. */
    OutputStream guard(OutputStream out) {
      return new GuardedStream(out, using);
    }

    /** Breaks the connection, so that nobody takes what was sent for the whole answer. */
    void abort(Throwable why) {
      using.lock();
      try {
        if (connection != null) {
          connection.getResponse().action(ActionCode.CLOSE_NOW, why);
        }
      } finally {
        using.unlock();
      }
    }

    /** After this nobody but the request's own thread touches the connection. */
    @Override
    public void close() {
      using.lock();
      try {
        closed = true;
        watched.remove(this);
      } finally {
        using.unlock();
      }
    }
  }

  /** Lets a handler find the connection behind its request. */
  private static final class ConnectionValve extends ValveBase {
    ConnectionValve() {
      super(true);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
      request.setAttribute(CONNECTION, request.getCoyoteRequest());
      getNext().invoke(request, response);
    }
  }

  @Override
  public void destroy() {
    end.run();
  }
}
