package dev.ingot.api;

import dev.ingot.api.RunResources.MaterializationResource;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.materialization.Materialization;
import dev.ingot.materialization.MaterializationService;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.async.DeferredResult;

/** Lets requests wait for the end of a build; one that waits holds a connection and no thread. */
@Component
class RunWaiting {

  /** The wait itself ends in time. */
  private static final long NO_TIMEOUT = 0;

  private final MaterializationService service;
  private final ClientWatch clients;
  private final WaitSettings settings;

  RunWaiting(MaterializationService service, ClientWatch clients, WaitSettings settings) {
    this.service = service;
    this.clients = clients;
    this.settings = settings;
  }

  /**
   * The answer for a build, when it has ended or the client would wait no longer.
   *
   * @return a {@link ResponseEntity}, or a {@link DeferredResult} of one where there is something
   *     to wait for: who doesn't wait is answered on the thread that it has
   */
  Object answer(
      HttpServletRequest request,
      Materialization run,
      Function<Materialization, ResponseEntity<MaterializationResource>> form) {
    Optional<Duration> preferred = Preferences.waiting(request).map(settings::atMost);
    if (preferred.isEmpty()) {
      return form.apply(run);
    }
    Duration applied = preferred.get();
    Function<Materialization, ResponseEntity<MaterializationResource>> answer =
        now -> applied(form.apply(now), applied);
    return run.status().isTerminal() || applied.isZero()
        ? answer.apply(run)
        : deferred(request, service.awaitEnd(run.key(), run.id(), applied), answer);
  }

  private DeferredResult<ResponseEntity<MaterializationResource>> deferred(
      HttpServletRequest request,
      CompletableFuture<Materialization> end,
      Function<Materialization, ResponseEntity<MaterializationResource>> answer) {
    var deferred = new DeferredResult<ResponseEntity<MaterializationResource>>(NO_TIMEOUT);
    ClientWatch.Watching watching = clients.watch(request, () -> end.cancel(false));
    var _ =
        end.thenApply(answer)
            .whenComplete((told, failure) -> {
              // First: from here on the connection is the container's.
              watching.close();
              if (failure == null) {
                deferred.setResult(told);
              } else {
                deferred.setErrorResult(cause(failure));
              }
            });
    // Also when the container itself gives the request up.
    deferred.onCompletion(() -> end.cancel(false));
    return deferred;
  }

  private static Throwable cause(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause == null || cause instanceof CancellationException
        ? new Fault(FaultCode.CANCELLED, "The client closed the connection")
        : cause;
  }

  private static <T> ResponseEntity<T> applied(ResponseEntity<T> answer, Duration waited) {
    return ResponseEntity.status(answer.getStatusCode())
        .headers(answer.getHeaders())
        .header(Preferences.APPLIED, "wait=" + waited.toSeconds())
        .body(answer.getBody());
  }
}
