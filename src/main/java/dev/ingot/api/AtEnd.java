package dev.ingot.api;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;

/** Does something when a request has been answered, whoever puts an end to it. */
final class AtEnd implements AsyncListener {

  private final Runnable work;

  private AtEnd(Runnable work) {
    this.work = work;
  }

  /** At once, unless its answer is still to come. */
  static void of(HttpServletRequest request, Runnable work) {
    if (request.isAsyncStarted()) {
      request.getAsyncContext().addListener(new AtEnd(work));
    } else {
      work.run();
    }
  }

  @Override
  public void onComplete(AsyncEvent event) {
    work.run();
  }

  @Override
  public void onTimeout(AsyncEvent event) {
    // It is completed after that.
  }

  @Override
  public void onError(AsyncEvent event) {
    // It is completed after that.
  }

  @Override
  public void onStartAsync(AsyncEvent event) {
    event.getAsyncContext().addListener(this);
  }
}
