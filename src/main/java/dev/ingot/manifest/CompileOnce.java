package dev.ingot.manifest;

import dev.ingot.compile.CompiledPackage;
import dev.ingot.engine.Cancellation;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Compiles a content's models once, which may take minutes, for all who ask for it.
 *
 * <ol>
 *   <li>The first compiles, on its own thread; who comes meanwhile waits for that.
 *   <li>Each may be cancelled: who waits leaves, and who compiles ends that. Then one of those who
 *       wait compiles.
 * </ol>
 */
final class CompileOnce {

  private final Supplier<CompiledPackage> compile;
  private volatile @Nullable CompiledPackage known;

  /** Guarded by this. */
  private @Nullable FutureTask<CompiledPackage> running;

  CompileOnce(Supplier<CompiledPackage> compile) {
    this.compile = compile;
  }

  /** Null while it isn't compiled. */
  @Nullable CompiledPackage known() {
    return known;
  }

  /**
   * @throws Cancellation.CancelledException when it was cancelled
   * @throws Fault what the compiler throws
   */
  CompiledPackage get(Cancellation cancellation) {
    CompiledPackage done = known;
    if (done != null) {
      return done;
    }
    Thread caller = Thread.currentThread();
    try {
      return cancellation.run(caller::interrupt, this::compileOrWait);
    } catch (Fault e) {
      cancellation.requireNone();
      throw e;
    } finally {
      if (cancellation.reason() != null) {
        // It was meant for the compilation alone.
        var _ = Thread.interrupted();
      }
    }
  }

  /** Whoever was the last to compile may have ended since this was asked for. */
  private CompiledPackage compileUnlessKnown() {
    CompiledPackage done = known;
    return done == null ? compile.get() : done;
  }

  private CompiledPackage compileOrWait() {
    while (true) {
      var own = new FutureTask<>(this::compileUnlessKnown);
      FutureTask<CompiledPackage> task = take(own);
      if (task.equals(own)) {
        run(own);
      }
      try {
        return task.get();
      } catch (ExecutionException e) {
        Throwable cause = e.getCause();
        boolean stopped = cause instanceof Fault fault && fault.code() == FaultCode.CANCELLED;
        if (task.equals(own) || !stopped) {
          throw cause instanceof RuntimeException failure
              ? failure
              : new IllegalStateException(cause);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new Fault(FaultCode.CANCELLED, "Interrupted while models were compiled", e);
      }
    }
  }

  private synchronized FutureTask<CompiledPackage> take(FutureTask<CompiledPackage> own) {
    if (running == null) {
      running = own;
    }
    return running;
  }

  private void run(FutureTask<CompiledPackage> own) {
    own.run();
    if (own.state() == FutureTask.State.SUCCESS) {
      known = own.resultNow();
    }
    synchronized (this) {
      running = null;
    }
  }
}
