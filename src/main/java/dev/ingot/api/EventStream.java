package dev.ingot.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ingot.threads.InOrder;
import dev.ingot.threads.Tasks;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An answer that goes on while there is something to tell, written in the background.
 *
 * <p>Tomcat uses a request's objects again for the next one, and ends a request whose write fails
 * by another thread while that write is still on its way out. So a write holds {@link #using},
 * which whoever ends the request waits for; otherwise the failure would be another client's.
 */
final class EventStream implements AsyncListener {

  private static final Logger log = LoggerFactory.getLogger(EventStream.class);

  private final AsyncContext async;
  private final OutputStream out;
  private final ClientWatch.Watching watching;
  private final Tasks tasks;
  private final InOrder writes;
  private final ReentrantLock using = new ReentrantLock();

  /** What is done at the end; null once it was. */
  private List<Runnable> endings = new ArrayList<>();

  private boolean ended;
  private volatile boolean over;

  /**
   * Begins one, whose head is out already.
   *
   * @param name of its thread
   */
  EventStream(
      HttpServletRequest request, OutputStream out, ClientWatch clients, Tasks tasks, String name) {
    async = request.startAsync();
    async.setTimeout(0);
    async.addListener(this);
    this.tasks = tasks;
    writes = new InOrder(tasks, name);
    watching = clients.watch(request, this::end);
    this.out = watching.guard(out);
  }

  /** Sends this after all that came before it. */
  void send(Supplier<String> text) {
    writes.then(() -> write(text.get()));
  }

  /** Ends it after all that came before this. */
  void endAfterAll() {
    writes.then(this::end);
  }

  private void write(String text) {
    using.lock();
    try {
      if (!over) {
        out.write(text.getBytes(UTF_8));
        out.flush();
      }
    } catch (IOException e) {
      log.debug("A client of events has left", e);
      // Tomcat ends the request by itself then; to end it twice would end the next one.
      over = true;
      end();
    } finally {
      using.unlock();
    }
  }

  /** Does something when it ends, however that comes; at once when it has. It doesn't wait. */
  void atEnd(Runnable work) {
    synchronized (this) {
      if (!ended) {
        endings.add(work);
        return;
      }
    }
    work.run();
  }

  /** Ends it; what wasn't sent isn't any more. Doesn't wait for a write. */
  void end() {
    List<Runnable> last;
    synchronized (this) {
      if (ended) {
        return;
      }
      ended = true;
      last = List.copyOf(endings);
      endings = List.of();
    }
    writes.close();
    last.forEach(Runnable::run);
    tasks.start("event-stream-end", this::complete);
  }

  private void complete() {
    if (leave()) {
      async.complete();
    }
  }

  /** From now on nothing of the request is touched; false when somebody else had it so before. */
  private boolean leave() {
    watching.close();
    using.lock();
    try {
      boolean first = !over;
      over = true;
      return first;
    } finally {
      using.unlock();
    }
  }

  @Override
  public void onComplete(AsyncEvent event) {
    leave();
    end();
  }

  @Override
  public void onError(AsyncEvent event) {
    leave();
    end();
  }

  /** It has none. */
  @Override
  public void onTimeout(AsyncEvent event) {}

  @Override
  public void onStartAsync(AsyncEvent event) {}
}
